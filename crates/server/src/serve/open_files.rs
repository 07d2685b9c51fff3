//! How many files and connections the system lets this process have.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Files that the database, the keys, the log and the way to other servers take.
const RESERVED: usize = 128;
/// Connections that are served whatever the system says.
const LEAST: usize = 16;

/// Raises the process's limit as far as it may, and gives the number of connections that it leaves room for.
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
