//! The settings of a store.

use crate::Timeouts;

/// Limits of the queues and timeouts.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Number of reading connections.
    pub readers: usize,
    /// Maximum number of operations that wait for the writer. Further ones are refused.
    pub queue: usize,
    /// The most operations in one commit.
    pub group_commit: usize,
    /// Time limits.
    pub timeouts: Timeouts,
    /// The consumers of messages. Without consumers, no messages are written, so a new consumer starts without a backlog.
    pub consumers: &'static [&'static str],
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, queue: 4096, group_commit: 128, timeouts: Timeouts::default(), consumers: &[] }
    }
}
