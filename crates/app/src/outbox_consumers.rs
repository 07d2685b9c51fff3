//! The consumers of outbox messages.

/// Names of all consumers. Messages are only written for these consumers. There are none yet.
pub const CONSUMERS: &[&str] = &[];
