//! The vendor's catalog: products, editions, policies and batches of product keys.

use keystead_domain::Millis;
use keystead_domain::policy::PolicyRules;
use keystead_protocol::id::{EditionId, KeyBatchId, PolicyId, ProductId};

use crate::connection::Connection;
use crate::json;
use crate::json_column::{StoredFeatures, StoredRules};
use crate::param::params;
use crate::row::Row;
use crate::{Error, Tx};

/// A product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The product number in its keys.
    pub code: u16,
    /// Time of creation.
    pub created_at: Millis,
}

/// An edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Its id.
    pub id: EditionId,
    /// The product.
    pub product: ProductId,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The unlocked features, sorted.
    pub features: Vec<String>,
    /// Time of creation.
    pub created_at: Millis,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: PolicyId,
    /// The product.
    pub product: ProductId,
    /// Its short name.
    pub slug: String,
    /// Its number in certificates.
    pub number: u64,
    /// Its rules.
    pub rules: PolicyRules,
    /// Time of creation.
    pub created_at: Millis,
}

/// A batch of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyBatch {
    /// Its id.
    pub id: KeyBatchId,
    /// The product.
    pub product: ProductId,
    /// The edition that its keys unlock.
    pub edition: EditionId,
    /// The policy of its licenses.
    pub policy: PolicyId,
    /// Number of requested keys.
    pub requested: u32,
    /// The vendor's note.
    pub note: String,
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

fn policy(row: &Row<'_>) -> Result<Policy, Error> {
    Ok(Policy {
        id: row.id("id")?,
        product: row.id("product_id")?,
        slug: row.get("slug")?,
        number: row.number("number")?,
        rules: row.json::<StoredRules>("rules")?.try_into()?,
        created_at: row.get("created_at")?,
    })
}

impl Connection {
    /// All products, by short name.
    pub fn products(&mut self) -> Result<Vec<Product>, Error> {
        self.query("SELECT id, slug, name, code, created_at FROM product ORDER BY slug", params![], product)
    }

    /// A product by its short name.
    pub fn product_by_slug(&mut self, slug: &str) -> Result<Option<Product>, Error> {
        self.query_one(
            "SELECT id, slug, name, code, created_at FROM product WHERE slug = $1",
            params![slug],
            product,
        )
    }

    /// A product by its id.
    pub fn product_by_id(&mut self, id: ProductId) -> Result<Option<Product>, Error> {
        self.query_one(
            "SELECT id, slug, name, code, created_at FROM product WHERE id = $1",
            params![id.as_bytes()],
            product,
        )
    }

    /// The editions of a product.
    pub fn editions_of_product(&mut self, of: ProductId) -> Result<Vec<Edition>, Error> {
        self.query(
            "SELECT id, product_id, slug, name, features, created_at FROM edition WHERE product_id = $1 ORDER BY slug",
            params![of.as_bytes()],
            edition,
        )
    }

    /// An edition by its id.
    pub fn edition_by_id(&mut self, id: EditionId) -> Result<Option<Edition>, Error> {
        self.query_one(
            "SELECT id, product_id, slug, name, features, created_at FROM edition WHERE id = $1",
            params![id.as_bytes()],
            edition,
        )
    }

    /// The policies of a product.
    pub fn policies_of_product(&mut self, of: ProductId) -> Result<Vec<Policy>, Error> {
        self.query(
            "SELECT id, product_id, slug, number, rules, created_at FROM policy WHERE product_id = $1 ORDER BY slug",
            params![of.as_bytes()],
            policy,
        )
    }

    /// A policy by its id.
    pub fn policy_by_id(&mut self, id: PolicyId) -> Result<Option<Policy>, Error> {
        self.query_one(
            "SELECT id, product_id, slug, number, rules, created_at FROM policy WHERE id = $1",
            params![id.as_bytes()],
            policy,
        )
    }

    /// A batch by its id.
    pub fn key_batch_by_id(&mut self, id: KeyBatchId) -> Result<Option<KeyBatch>, Error> {
        self.query_one(
            "SELECT id, product_id, edition_id, policy_id, requested, note, created_at FROM key_batch WHERE id = $1",
            params![id.as_bytes()],
            |row| {
                Ok(KeyBatch {
                    id: row.id("id")?,
                    product: row.id("product_id")?,
                    edition: row.id("edition_id")?,
                    policy: row.id("policy_id")?,
                    requested: row.number("requested")?,
                    note: row.get("note")?,
                    created_at: row.get("created_at")?,
                })
            },
        )
    }
}

impl Tx<'_> {
    /// The number for the keys of the next product.
    pub fn product_next_code(&mut self) -> Result<i64, Error> {
        let next =
            self.query_one("SELECT COALESCE(MAX(code) + 1, 1) AS next FROM product", params![], |row| {
                row.get::<i64>("next")
            })?;
        Ok(next.unwrap_or(1))
    }

    /// The number of the next policy.
    pub fn policy_next_number(&mut self) -> Result<u64, Error> {
        let next =
            self.query_one("SELECT COALESCE(MAX(number) + 1, 1) AS next FROM policy", params![], |row| {
                row.number("next")
            })?;
        Ok(next.unwrap_or(1))
    }

    /// Stores a product.
    pub fn product_insert(&mut self, product: &Product) -> Result<(), Error> {
        self.change(
            "INSERT INTO product (id, slug, name, code, created_at) VALUES ($1, $2, $3, $4, $5)",
            params![
                product.id.as_bytes(),
                &product.slug,
                &product.name,
                i64::from(product.code),
                product.created_at
            ],
        )
    }

    /// Stores an edition.
    pub fn edition_insert(&mut self, edition: &Edition) -> Result<(), Error> {
        self.change(
            "INSERT INTO edition (id, product_id, slug, name, features, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                edition.id.as_bytes(),
                edition.product.as_bytes(),
                &edition.slug,
                &edition.name,
                &json::encode("features", &StoredFeatures::from(edition.features.clone()))?,
                edition.created_at,
            ],
        )
    }

    /// Stores a policy.
    pub fn policy_insert(&mut self, policy: &Policy) -> Result<(), Error> {
        self.change(
            "INSERT INTO policy (id, product_id, slug, number, rules, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                policy.id.as_bytes(),
                policy.product.as_bytes(),
                &policy.slug,
                policy.number as i64,
                &json::encode("rules", &StoredRules::from(policy.rules))?,
                policy.created_at,
            ],
        )
    }

    /// Stores a batch.
    pub fn key_batch_insert(&mut self, batch: &KeyBatch) -> Result<(), Error> {
        self.change(
            "INSERT INTO key_batch (id, product_id, edition_id, policy_id, requested, note, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                batch.id.as_bytes(),
                batch.product.as_bytes(),
                batch.edition.as_bytes(),
                batch.policy.as_bytes(),
                batch.requested,
                &batch.note,
                batch.created_at,
            ],
        )
    }
}
