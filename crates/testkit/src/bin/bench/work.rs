//! The measured kinds of durable work.

/// Number of clients of the server on SQLite. With this many clients, some always send requests while the server
/// writes a commit.
pub const CLIENTS: usize = 256;

/// A kind of operation, with the rows that it writes.
#[derive(Clone, Copy, PartialEq)]
pub enum Work {
    /// The activation's new state, the response, the issue log.
    Refresh,
    /// License, key, seat, device, activation, response, issue log, audit event.
    Activate,
}
