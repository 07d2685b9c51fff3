//! Where questions are answered. SQLite's answers are a few microseconds away in its own cache, less than handing the
//! question to another thread takes, so they are found on the asking thread. PostgreSQL's come over a connection whose
//! client may not block a thread that drives asynchronous tasks, so they are asked for on threads of their own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::Error;
use crate::connection::{Location, Reader};
use crate::door::{Options, spawn};

pub(crate) type Read = Box<dyn FnOnce(&mut Reader) + Send>;

#[derive(Clone)]
pub(crate) enum Reads {
    Here(Arc<Pool>),
    Threads(Sender<Read>),
}

impl Reads {
    pub(crate) fn open(
        location: &Location,
        options: Options,
        threads: &mut Vec<JoinHandle<()>>,
    ) -> Result<Self, Error> {
        if matches!(location, Location::Sqlite(_)) {
            return Ok(Reads::Here(Arc::new(Pool { location: location.clone(), idle: Mutex::default() })));
        }
        let (reads, waiting) = bounded(options.queue);
        for _ in 0..options.readers {
            let (reader, waiting, location) =
                (Reader::open_to_read(location)?, waiting.clone(), location.clone());
            threads.push(spawn("storage-read", move || serve(reader, &location, &waiting))?);
        }
        Ok(Reads::Threads(reads))
    }
}

fn serve(mut reader: Reader, location: &Location, waiting: &Receiver<Read>) {
    while let Ok(read) = waiting.recv() {
        // The database was restarted, or the connection was cut while it was idle.
        if reader.is_closed()
            && let Ok(fresh) = Reader::open_to_read(location)
        {
            reader = fresh;
        }
        if catch_unwind(AssertUnwindSafe(|| read(&mut reader))).is_err() {
            tracing::error!("a read panicked");
        }
    }
}

/// Connections that nobody uses at the moment; there are never more than threads that ask at once.
pub(crate) struct Pool {
    location: Location,
    idle: Mutex<Vec<Reader>>,
}

impl Pool {
    /// All that a question asks sees one state of the data, and SQLite locks its file once and not for each statement.
    pub(crate) fn answer<T, E: From<Error>>(
        &self,
        question: impl FnOnce(&mut Reader) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => Reader::open_to_read(&self.location)?,
        };
        reader.control("BEGIN")?;
        let answer = question(&mut reader);
        // A connection whose transaction does not end well is not used again.
        if reader.control("COMMIT").is_err() {
            return answer;
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        answer
    }
}
