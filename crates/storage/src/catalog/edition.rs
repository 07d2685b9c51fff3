//! Editions of products.

use keystead_domain::Millis;
use keystead_protocol::id::{EditionId, ProductId};

use crate::connection::Connection;
use crate::connection::json;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::json_column::StoredFeatures;
use crate::{Error, Tx};

/// An edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The edition's id.
    pub id: EditionId,
    /// The product.
    pub product: ProductId,
    /// The short name, unique within the product.
    pub slug: String,
    /// The display name.
    pub name: String,
    /// The unlocked features, sorted.
    pub features: Vec<String>,
    /// Time of creation.
    pub created_at: Millis,
}

fn edition(row: &Row<'_>) -> Result<Edition, Error> {
    Ok(Edition {
        id: row.id("id")?,
        product: row.id("product_id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        features: json::decode_or_list::<StoredFeatures, _>("features", row.text("features")?)?.features,
        created_at: row.get("created_at")?,
    })
}

/// The columns that [`edition`] reads.
macro_rules! edition_columns {
    () => {
        "id, product_id, slug, name, features, created_at"
    };
}
#[cfg(feature = "testing")]
pub(crate) use edition_columns;

impl Connection {
    /// The editions of a product.
    pub fn editions_of_product(&mut self, of: ProductId) -> Result<Vec<Edition>, Error> {
        self.query(
            concat!("SELECT ", edition_columns!(), " FROM edition WHERE product_id = $1 ORDER BY slug"),
            params![of.as_bytes()],
            edition,
        )
    }

    /// An edition by its id.
    pub fn edition_by_id(&mut self, id: EditionId) -> Result<Option<Edition>, Error> {
        self.query_one(
            concat!("SELECT ", edition_columns!(), " FROM edition WHERE id = $1"),
            params![id.as_bytes()],
            edition,
        )
    }
}

impl Tx<'_> {
    /// Stores an edition.
    pub fn edition_insert(&mut self, edition: &Edition) -> Result<(), Error> {
        insert!(self.change, "edition" {
            id: edition.id.as_bytes(),
            product_id: edition.product.as_bytes(),
            slug: &edition.slug,
            name: &edition.name,
            features: &json::encode("features", &StoredFeatures::from(edition.features.clone()))?,
            created_at: edition.created_at,
        })
    }
}
