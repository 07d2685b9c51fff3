//! Messages that wait for their consumers.

use keystead_domain::Millis;
use keystead_protocol::id::OutboxId;

use crate::connection::Reader;
use crate::param::params;
use crate::{Error, Tx};

/// A message that waits for one consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedMessage {
    /// The message's id, the same for all consumers and at every attempt.
    pub id: OutboxId,
    /// The consumer's name.
    pub consumer: String,
    /// What it tells of, as `license.linked`.
    pub topic: String,
    /// JSON.
    pub payload: String,
    /// How often its delivery began.
    pub attempts: u32,
}

impl Reader {
    /// Messages whose delivery is due, the oldest first.
    pub fn messages_due(&mut self, now: Millis, limit: u32) -> Result<Vec<QueuedMessage>, Error> {
        self.query(
            "SELECT id, consumer, topic, payload, attempts FROM outbox WHERE next_at <= $1 \
             ORDER BY next_at, id LIMIT $2",
            params![now, limit],
            |row| {
                Ok(QueuedMessage {
                    id: row.id("id")?,
                    consumer: row.get("consumer")?,
                    topic: row.get("topic")?,
                    payload: row.get("payload")?,
                    attempts: row.number("attempts")?,
                })
            },
        )
    }
}

impl Tx<'_> {
    /// Begins a delivery and sets when the next one begins unless this one succeeds; `false` when another node began it.
    pub fn take_message(&mut self, of: &QueuedMessage, now: Millis, next_at: Millis) -> Result<bool, Error> {
        let taken = self.execute(
            "UPDATE outbox SET attempts = attempts + 1, next_at = $4 \
             WHERE id = $1 AND consumer = $2 AND next_at <= $3",
            params![of.id.as_bytes(), &of.consumer, now, next_at],
        )?;
        Ok(taken == 1)
    }

    /// Deletes a message that was delivered, or that is given up.
    pub fn forget_message(&mut self, of: &QueuedMessage) -> Result<(), Error> {
        self.change(
            "DELETE FROM outbox WHERE id = $1 AND consumer = $2",
            params![of.id.as_bytes(), &of.consumer],
        )
    }

    /// Deletes up to `limit` messages from before `before`; their number.
    pub fn delete_messages(&mut self, before: Millis, limit: u32) -> Result<u64, Error> {
        // Ids sort by time, so that the key serves as an index.
        let first_kept = OutboxId::new(before.unsigned_abs(), [0; 10]);
        self.execute(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE id < $1 ORDER BY id LIMIT $2)",
            params![first_kept.as_bytes(), limit],
        )
    }
}
