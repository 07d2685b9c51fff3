//! The settings of a store.

use crate::Timeouts;

/// How much may wait and how much is done at once.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Reading connections.
    pub readers: usize,
    /// Operations that may wait for the writer before more are turned away.
    pub queue: usize,
    /// The most operations in one commit.
    pub group_commit: usize,
    /// Time limits.
    pub timeouts: Timeouts,
    /// The consumers of messages. Without any, no message is written, so that a new one begins without a backlog.
    pub consumers: &'static [&'static str],
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, queue: 4096, group_commit: 128, timeouts: Timeouts::default(), consumers: &[] }
    }
}
