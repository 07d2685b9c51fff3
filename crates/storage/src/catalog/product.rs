//! Products.

use keystead_domain::Millis;
use keystead_protocol::id::ProductId;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::{Error, Tx};

/// A product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The product's id.
    pub id: ProductId,
    /// The unique short name.
    pub slug: String,
    /// The display name.
    pub name: String,
    /// The number that identifies the product in product keys.
    pub code: u16,
    /// Time of creation.
    pub created_at: Millis,
}

fn product(row: &Row<'_>) -> Result<Product, Error> {
    Ok(Product {
        id: row.id("id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        code: row.number("code")?,
        created_at: row.get("created_at")?,
    })
}

/// The columns that [`product`] reads.
macro_rules! product_columns {
    () => {
        "id, slug, name, code, created_at"
    };
}
#[cfg(feature = "testing")]
pub(crate) use product_columns;

impl Connection {
    /// All products, by short name.
    pub fn products(&mut self) -> Result<Vec<Product>, Error> {
        self.query(concat!("SELECT ", product_columns!(), " FROM product ORDER BY slug"), params![], product)
    }

    /// A product by its short name.
    pub fn product_by_slug(&mut self, slug: &str) -> Result<Option<Product>, Error> {
        self.query_one(
            concat!("SELECT ", product_columns!(), " FROM product WHERE slug = $1"),
            params![slug],
            product,
        )
    }

    /// A product by its id.
    pub fn product_by_id(&mut self, id: ProductId) -> Result<Option<Product>, Error> {
        self.query_one(
            concat!("SELECT ", product_columns!(), " FROM product WHERE id = $1"),
            params![id.as_bytes()],
            product,
        )
    }
}

impl Tx<'_> {
    /// The `code` for the next product.
    pub fn product_next_code(&mut self) -> Result<i64, Error> {
        let next =
            self.query_one("SELECT COALESCE(MAX(code) + 1, 1) AS next FROM product", params![], |row| {
                row.get::<i64>("next")
            })?;
        Ok(next.unwrap_or(1))
    }

    /// Stores a product.
    pub fn product_insert(&mut self, product: &Product) -> Result<(), Error> {
        insert!(self.change, "product" {
            id: product.id.as_bytes(),
            slug: &product.slug,
            name: &product.name,
            code: i64::from(product.code),
            created_at: product.created_at,
        })
    }
}
