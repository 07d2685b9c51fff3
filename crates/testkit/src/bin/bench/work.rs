//! The durable work that is measured.

/// Clients of a server on SQLite: enough that some always have something to ask while a commit is on its way to disk.
pub const CLIENTS: usize = 256;

/// Which rows are written.
#[derive(Clone, Copy, PartialEq)]
pub enum Work {
    /// The activation's new state, the answer, the issue log.
    Refresh,
    /// License, key, seat, device, activation, answer, issue log, audit event.
    Activate,
}
