//! The measured kinds of durable work.

/// Number of clients of the server on SQLite. With this many clients, some always send requests while the server
/// writes a commit.
pub const CLIENTS: usize = 256;

/// A kind of operation, with the rows that it writes.
#[derive(Clone, Copy, PartialEq)]
pub enum Work {
    /// Writes the activation's new state, the stored response and the entry of the issue log.
    Refresh,
    /// Writes license, key, seat, device, activation, stored response, entry of the issue log and audit event.
    Activate,
}
