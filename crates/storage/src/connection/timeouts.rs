//! Timeouts for all waits on the database.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Database timeouts; each is a number of seconds in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// Connecting, per host in the URL.
    #[serde(rename = "connect_seconds", deserialize_with = "seconds")]
    pub connect: Duration,
    /// Waiting for a lock. For SQLite this is the busy timeout.
    #[serde(rename = "lock_seconds", deserialize_with = "seconds")]
    pub lock: Duration,
    /// A statement on PostgreSQL. Migrations are not limited.
    #[serde(rename = "statement_seconds", deserialize_with = "seconds")]
    pub statement: Duration,
    /// Idling inside a transaction on PostgreSQL. After this time, PostgreSQL ends the session and frees its
    /// locks, which block other nodes.
    #[serde(rename = "idle_in_transaction_seconds", deserialize_with = "seconds")]
    pub idle_in_transaction: Duration,
    /// Waiting for a response from PostgreSQL. After this time, the connection is closed.
    #[serde(rename = "answer_seconds", deserialize_with = "seconds")]
    pub answer: Duration,
    /// Waiting in the queue. The same limit applies to the writer's retries of a group of operations.
    #[serde(rename = "queue_seconds", deserialize_with = "seconds")]
    pub queue: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            lock: Duration::from_secs(10),
            statement: Duration::from_secs(12),
            idle_in_transaction: Duration::from_secs(5),
            answer: Duration::from_secs(15),
            queue: Duration::from_secs(10),
        }
    }
}

impl Timeouts {
    /// Checks that every timeout is at least a millisecond and that the timeouts are consistent.
    pub fn check(&self) -> Result<(), &'static str> {
        let all =
            [self.connect, self.lock, self.statement, self.idle_in_transaction, self.answer, self.queue];
        if all.iter().any(|limit| *limit < Duration::from_millis(1)) {
            return Err("every time limit must be at least a millisecond");
        }
        if self.lock <= self.idle_in_transaction {
            return Err("lock_seconds must be more than idle_in_transaction_seconds: \
                        otherwise a node that stalls in a transaction fails the writes of the others");
        }
        if self.statement < self.lock || self.answer <= self.statement {
            return Err(
                "answer_seconds must be more than statement_seconds, and that not less than lock_seconds",
            );
        }
        Ok(())
    }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    Duration::try_from_secs_f64(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}
