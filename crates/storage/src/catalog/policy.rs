//! Policies of products.

use keystead_domain::Millis;
use keystead_domain::policy::PolicyRules;
use keystead_protocol::id::{PolicyId, ProductId};

use crate::connection::Connection;
use crate::connection::json;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::json_column::StoredRules;
use crate::{Error, Tx};

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The policy's id.
    pub id: PolicyId,
    /// The product.
    pub product: ProductId,
    /// The short name, unique within the product.
    pub slug: String,
    /// The number that identifies the policy in certificates.
    pub number: u64,
    /// The rules.
    pub rules: PolicyRules,
    /// Time of creation.
    pub created_at: Millis,
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

/// The columns that [`policy`] reads.
macro_rules! policy_columns {
    () => {
        "id, product_id, slug, number, rules, created_at"
    };
}
#[cfg(feature = "testing")]
pub(crate) use policy_columns;

impl Connection {
    /// The policies of a product.
    pub fn policies_of_product(&mut self, of: ProductId) -> Result<Vec<Policy>, Error> {
        self.query(
            concat!("SELECT ", policy_columns!(), " FROM policy WHERE product_id = $1 ORDER BY slug"),
            params![of.as_bytes()],
            policy,
        )
    }

    /// A policy by its id.
    pub fn policy_by_id(&mut self, id: PolicyId) -> Result<Option<Policy>, Error> {
        self.query_one(
            concat!("SELECT ", policy_columns!(), " FROM policy WHERE id = $1"),
            params![id.as_bytes()],
            policy,
        )
    }
}

impl Tx<'_> {
    /// The number of the next policy.
    pub fn policy_next_number(&mut self) -> Result<u64, Error> {
        let next =
            self.query_one("SELECT COALESCE(MAX(number) + 1, 1) AS next FROM policy", params![], |row| {
                row.number("next")
            })?;
        Ok(next.unwrap_or(1))
    }

    /// Stores a policy.
    pub fn policy_insert(&mut self, policy: &Policy) -> Result<(), Error> {
        insert!(self.change, "policy" {
            id: policy.id.as_bytes(),
            product_id: policy.product.as_bytes(),
            slug: &policy.slug,
            number: policy.number as i64,
            rules: &json::encode("rules", &StoredRules::from(policy.rules))?,
            created_at: policy.created_at,
        })
    }
}
