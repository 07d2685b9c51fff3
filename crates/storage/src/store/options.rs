//! The options of a store.

use crate::Timeouts;

/// The options of a store.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Number of read-only connections on PostgreSQL. On SQLite, connections are opened as needed.
    pub readers: usize,
    /// Maximum number of waiting writes, and of waiting reads on PostgreSQL. Further operations are refused.
    pub queue: usize,
    /// Maximum number of operations in one commit.
    pub group_commit: usize,
    /// Time limits.
    pub timeouts: Timeouts,
    /// The consumers of messages. Without consumers, no messages are written. A new consumer therefore starts
    /// without a backlog.
    pub consumers: &'static [&'static str],
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, queue: 4096, group_commit: 128, timeouts: Timeouts::default(), consumers: &[] }
    }
}
