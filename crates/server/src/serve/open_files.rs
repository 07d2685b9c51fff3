//! The system's limit of open files, and the number of connections that it allows.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Files reserved for the database, the keys, the log and outgoing connections.
const RESERVED: usize = 128;
/// Minimum number of connections, regardless of the system's limit.
const LEAST: usize = 16;

/// Raises the process's limit of open files as far as allowed. Returns the number of connections that fit
/// within the limit.
pub fn connections() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current < limit.maximum || limit.maximum.is_none() {
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::debug!(%error, "the limit of open files could not be raised");
        }
    }
    let files = getrlimit(Resource::Nofile)
        .current
        .map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX));
    files.saturating_sub(RESERVED).max(LEAST)
}
