//! Who gets the messages of the outbox.

/// The names of all consumers. Messages are written for these; there are none yet.
pub const CONSUMERS: &[&str] = &[];
