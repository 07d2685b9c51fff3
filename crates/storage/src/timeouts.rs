//! Time limits for everything that waits for the database.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Time limits for the database; in the configuration each is a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// Until a connection is made, for each host in the address.
    #[serde(rename = "connect_seconds", deserialize_with = "seconds")]
    pub connect: Duration,
    /// Until a lock is granted. For SQLite this is the busy timeout.
    #[serde(rename = "lock_seconds", deserialize_with = "seconds")]
    pub lock: Duration,
    /// Until PostgreSQL cancels a statement. Migrations are not limited.
    #[serde(rename = "statement_seconds", deserialize_with = "seconds")]
    pub statement: Duration,
    /// Until PostgreSQL ends a session that stalls inside a transaction, and with it the locks that stop other nodes.
    #[serde(rename = "idle_in_transaction_seconds", deserialize_with = "seconds")]
    pub idle_in_transaction: Duration,
    /// Until this program gives up a connection on which PostgreSQL does not answer.
    #[serde(rename = "answer_seconds", deserialize_with = "seconds")]
    pub answer: Duration,
    /// How long an operation may wait for its turn, and how long the writer retries a group of operations.
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
    /// Checks that every limit is set and that the limits fit each other; says what is wrong.
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
