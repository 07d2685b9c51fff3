//! Threads for blocking work.

use std::thread;

use crate::Error;

/// Runs a closure on a new thread. The PostgreSQL client must not be opened on a thread that drives
/// asynchronous tasks.
pub(crate) fn on_a_thread<T: Send>(run: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    thread::scope(|scope| scope.spawn(run).join()).unwrap_or(Err(Error::Interrupted))
}

pub(crate) fn spawn(
    name: &str,
    run: impl FnOnce() + Send + 'static,
) -> Result<thread::JoinHandle<()>, Error> {
    thread::Builder::new().name(name.to_owned()).spawn(run).map_err(|error| Error::Database(Box::new(error)))
}
