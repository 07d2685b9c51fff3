//! The measured kinds of durable work.

/// Number of clients of a server on SQLite. There are enough of them that some always send requests while a commit is being
/// written.
pub const CLIENTS: usize = 256;

/// The rows of one operation.
#[derive(Clone, Copy, PartialEq)]
pub enum Work {
    /// The activation's new state, the response, the issue log.
    Refresh,
    /// License, key, seat, device, activation, response, issue log, audit event.
    Activate,
}
