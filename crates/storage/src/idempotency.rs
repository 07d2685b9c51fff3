//! Stored responses to requests that change state. A repeated request gets the same bytes.

use keystead_domain::Millis;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::{Digest, Error, Tx};

/// A stored response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The digest of the request.
    pub request: Digest,
    /// The HTTP status.
    pub status: u16,
    /// The body, sealed.
    pub body: Vec<u8>,
}

impl Connection {
    /// The response stored under an idempotency key.
    pub fn answer_by_key(&mut self, key: &[u8; 16]) -> Result<Option<Answer>, Error> {
        self.query_one(
            "SELECT request_hash, status, response FROM idempotency WHERE request_key = $1",
            params![key],
            |row| {
                Ok(Answer {
                    request: row.bytes("request_hash")?,
                    status: row.number("status")?,
                    body: row.get("response")?,
                })
            },
        )
    }
}

impl Tx<'_> {
    /// Stores a response. Fails with [`Error::UniqueViolation`] if the key or the nonce was used before.
    pub fn answer_insert(
        &mut self,
        key: &[u8; 16],
        nonce: Option<&str>,
        answer: &Answer,
        now: Millis,
    ) -> Result<(), Error> {
        insert!(self.change, "idempotency" {
            request_key: key,
            nonce: nonce,
            request_hash: &answer.request,
            status: i64::from(answer.status),
            response: &answer.body[..],
            created_at: now,
        })
    }

    /// Deletes up to `limit` responses older than `before`; returns their number.
    pub fn answers_prune(&mut self, before: Millis, limit: u32) -> Result<u64, Error> {
        self.execute(
            "DELETE FROM idempotency WHERE request_key IN \
             (SELECT request_key FROM idempotency WHERE created_at < $1 LIMIT $2)",
            params![before, limit],
        )
    }
}
