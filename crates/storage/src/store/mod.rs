//! The store. It passes reads to the [`read_pool`] and writes to the [`writer`].

mod commit_mark;
pub(crate) mod journal;
pub(crate) mod options;
mod read_pool;
mod reply;
pub(crate) mod threads;
pub(crate) mod transaction;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};

use crate::connection::{Connection, Location, Purpose};
use crate::store::options::Options;
use crate::store::read_pool::{Question, ReadPool};
use crate::store::reply::{Reply, place, turned_away};
use crate::store::threads::{on_a_thread, spawn};
use crate::store::transaction::Tx;
use crate::store::writer::{Rollback, Write, Writer};
use crate::{Error, migration};

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    writes: Sender<Box<dyn Write>>,
    reads: ReadPool,
    queue_timeout: Duration,
    // Dropped last. Closing the store waits until all accepted operations are done.
    _threads: Arc<Threads>,
}

struct Threads(Vec<thread::JoinHandle<()>>);

impl Drop for Threads {
    fn drop(&mut self) {
        // An abandoned operation may hold the last clone of the store and drop it on one of these threads. A
        // thread cannot join itself.
        let this = thread::current().id();
        for handle in self.0.drain(..).filter(|handle| handle.thread().id() != this) {
            let _ = handle.join();
        }
    }
}

impl Store {
    /// Opens the database and migrates its schema. Blocks the calling thread.
    pub fn open(location: &Location, options: Options, now: i64) -> Result<Self, Error> {
        on_a_thread(|| Self::open_here(location, options, now))
    }

    fn open_here(location: &Location, options: Options, now: i64) -> Result<Self, Error> {
        options.timeouts.check().map_err(|what| Error::Settings(what.to_owned()))?;
        migration::run(&mut Connection::open(location, &options.timeouts, Purpose::Migrate)?, now)?;
        let (writes, waiting_writes) = bounded(options.queue);
        let mut threads = Vec::new();
        let reads = ReadPool::open(location, options, &mut threads)?;
        let writer = Writer::open(location, options, waiting_writes, now)?;
        threads.push(spawn("storage-write", move || writer.serve())?);
        Ok(Self {
            writes,
            reads,
            queue_timeout: options.timeouts.queue,
            _threads: Arc::new(Threads(threads)),
        })
    }

    /// Runs `operation` in a transaction. If it returns `Err`, its changes are rolled back. If it returns
    /// `Ok`, this method returns after the commit.
    ///
    /// After a conflict with another node the operation runs again, hence `FnMut`. An operation that times
    /// out in the queue returns [`Error::Overloaded`] and never runs. An operation does not run either if its
    /// caller dropped the future.
    pub async fn write<T, E, F>(&self, operation: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, place) = place();
        let write = Box::new(Operation { operation, result: None, reply });
        self.writes.try_send(write).map_err(|error| turned_away(&error))?;
        place.answer(self.queue_timeout).await
    }

    /// Runs `question` on a read-only connection.
    pub async fn read<T, E, F>(&self, question: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.reads {
            ReadPool::Here(pool) => pool.answer(question),
            ReadPool::Threads(reads) => {
                let (reply, place) = place();
                let read = Box::new(Question { question, reply });
                reads.try_send(read).map_err(|error| turned_away(&error))?;
                place.answer(self.queue_timeout).await
            }
        }
    }

    /// Number of waiting writes.
    pub fn waiting_writes(&self) -> usize {
        self.writes.len()
    }
}

struct Operation<F, T, E> {
    operation: F,
    result: Option<Result<T, E>>,
    reply: Reply<Result<T, E>>,
}

impl<F, T, E> Write for Operation<F, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn take_on(&self) -> bool {
        self.reply.take_on()
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), Rollback> {
        let _span = self.reply.span().clone().entered();
        self.result = catch_unwind(AssertUnwindSafe(|| (self.operation)(tx))).ok();
        match &self.result {
            Some(Ok(_)) => Ok(()),
            _ if tx.has_conflict() => Err(Rollback::Conflict),
            _ => Err(Rollback::Refused),
        }
    }

    fn settle(self: Box<Self>, failure: Option<Error>) {
        let _span = self.reply.span().clone().entered();
        match &failure {
            Some(error) => tracing::debug!(%error, "a write failed"),
            None => tracing::debug!(kept = matches!(self.result, Some(Ok(_))), "a write ended"),
        }
        let answer = match (failure, self.result) {
            (Some(error), _) => Err(E::from(error)),
            (None, Some(result)) => result,
            (None, None) => Err(E::from(Error::Interrupted)),
        };
        self.reply.send(answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thread_that_drops_the_last_store_does_not_wait_for_itself() {
        let (give, take) = bounded(1);
        let (ended, has_ended) = bounded(1);
        let handle = thread::spawn(move || {
            drop(take.recv());
            let _ = ended.send(());
        });
        give.send(Threads(vec![handle])).unwrap();
        has_ended.recv().unwrap();
    }
}
