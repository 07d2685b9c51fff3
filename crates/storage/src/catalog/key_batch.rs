//! Batches of product keys.

use keystead_domain::Millis;
use keystead_protocol::id::{EditionId, KeyBatchId, PolicyId, ProductId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::{Error, Tx};

/// A batch of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyBatch {
    /// The batch's id.
    pub id: KeyBatchId,
    /// The product.
    pub product: ProductId,
    /// The edition that the keys unlock.
    pub edition: EditionId,
    /// The policy of the licenses that the keys claim.
    pub policy: PolicyId,
    /// Number of requested keys.
    pub requested: u32,
    /// The vendor's note.
    pub note: String,
    /// Time of creation.
    pub created_at: Millis,
}

impl Connection {
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
    /// Stores a batch.
    pub fn key_batch_insert(&mut self, batch: &KeyBatch) -> Result<(), Error> {
        insert!(self.change, "key_batch" {
            id: batch.id.as_bytes(),
            product_id: batch.product.as_bytes(),
            edition_id: batch.edition.as_bytes(),
            policy_id: batch.policy.as_bytes(),
            requested: batch.requested,
            note: &batch.note,
            created_at: batch.created_at,
        })
    }
}
