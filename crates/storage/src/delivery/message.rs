//! Outbox messages that wait for delivery to their consumers.

use keystead_domain::Millis;
use keystead_protocol::id::OutboxId;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::{Error, Tx};

/// A message that waits for delivery to one consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedMessage {
    /// The message's id. It is the same for all consumers and attempts.
    pub id: OutboxId,
    /// The consumer's name.
    pub consumer: String,
    /// The event, such as `license.linked`.
    pub topic: String,
    /// The event's data, as JSON.
    pub payload: String,
    /// Number of delivery attempts.
    pub attempts: u32,
}

impl Connection {
    /// Messages that are due at `now`, longest overdue first.
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
    /// Takes a message for delivery and schedules the next attempt, in case this one fails. Returns `false`
    /// if another node took the message first.
    pub fn message_take(&mut self, of: &QueuedMessage, now: Millis, next_at: Millis) -> Result<bool, Error> {
        let taken = self.execute(
            "UPDATE outbox SET attempts = attempts + 1, next_at = $4 \
             WHERE id = $1 AND consumer = $2 AND next_at <= $3",
            params![of.id.as_bytes(), &of.consumer, now, next_at],
        )?;
        Ok(taken == 1)
    }

    /// Deletes a message that was delivered or abandoned.
    pub fn message_delete(&mut self, of: &QueuedMessage) -> Result<(), Error> {
        self.change(
            "DELETE FROM outbox WHERE id = $1 AND consumer = $2",
            params![of.id.as_bytes(), &of.consumer],
        )
    }

    /// Deletes up to `limit` messages older than `before`; returns their number.
    pub fn messages_prune(&mut self, before: Millis, limit: u32) -> Result<u64, Error> {
        // Ids sort by time, so the primary key serves as an index by age.
        let first_kept = OutboxId::new(before.unsigned_abs(), [0; 10]);
        self.execute(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE id < $1 ORDER BY id LIMIT $2)",
            params![first_kept.as_bytes(), limit],
        )
    }
}
