//! The one door for writes. Waiting operations are committed together, none acknowledged before the commit, so that one
//! flush to disk serves many. One that fails leaves nothing behind and spoils no other.

use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;
use tracing::Span;

use crate::connection::{Location, Reader};
use crate::journal::{Heads, Journal};
use crate::reads::{Read, Reads};
use crate::{Error, migration};

/// How much may wait and how much is done at once.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Reading connections.
    pub readers: usize,
    /// Operations that may wait for the writer before more are turned away.
    pub queue: usize,
    /// The most operations in one commit.
    pub group: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, queue: 4096, group: 128 }
    }
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    writes: Sender<Box<dyn Write>>,
    reads: Reads,
    // Dropped last: closing waits until everything that was accepted is done.
    _threads: Arc<Threads>,
}

struct Threads(Vec<thread::JoinHandle<()>>);

impl Drop for Threads {
    fn drop(&mut self) {
        for handle in self.0.drain(..) {
            let _ = handle.join();
        }
    }
}

impl Store {
    /// Opens the database and brings its schema up to date. Blocks.
    pub fn open(location: &Location, options: Options, now: i64) -> Result<Self, Error> {
        on_a_thread(|| Self::open_here(location, options, now))
    }

    fn open_here(location: &Location, options: Options, now: i64) -> Result<Self, Error> {
        let mut writer = Reader::open(location)?;
        migration::run(&mut writer, now)?;
        let (writes, waiting_writes) = bounded(options.queue);
        let mut threads = Vec::new();
        let reads = Reads::open(location, options, &mut threads)?;
        let location = location.clone();
        threads.push(spawn("storage-write", move || {
            serve_writes(writer, &location, &waiting_writes, options.group)
        })?);
        Ok(Self { writes, reads, _threads: Arc::new(Threads(threads)) })
    }

    /// Runs `operation` in a transaction. An `Err` leaves nothing behind; an `Ok` is answered only after the commit.
    ///
    /// The operation may be run again when another node was in its way, hence `FnMut`.
    pub async fn write<T, E, F>(&self, operation: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let write = Box::new(Operation { operation, result: None, reply, span: Span::current() });
        self.writes.try_send(write).map_err(|error| turned_away(&error))?;
        answer.await.map_err(|_| Error::Interrupted)?
    }

    /// Runs `question` on a reading connection.
    pub async fn read<T, E, F>(&self, question: F) -> Result<T, E>
    where
        F: FnOnce(&mut Reader) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.reads {
            Reads::Here(pool) => pool.answer(question),
            Reads::Threads(reads) => {
                let (reply, answer) = oneshot::channel();
                let span = Span::current();
                let read: Read = Box::new(move |reader| {
                    let _span = span.entered();
                    drop(reply.send(question(reader)));
                });
                reads.try_send(read).map_err(|error| turned_away(&error))?;
                answer.await.map_err(|_| Error::Interrupted)?
            }
        }
    }

    /// How many writes are waiting.
    pub fn waiting_writes(&self) -> usize {
        self.writes.len()
    }
}

/// The PostgreSQL client must not be opened on a thread that drives asynchronous tasks.
pub(crate) fn on_a_thread<T: Send>(run: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    thread::scope(|scope| scope.spawn(run).join()).unwrap_or(Err(Error::Interrupted))
}

pub(crate) fn turned_away<T>(error: &TrySendError<T>) -> Error {
    match error {
        TrySendError::Full(_) => Error::Overloaded,
        TrySendError::Disconnected(_) => Error::Interrupted,
    }
}

pub(crate) fn spawn(
    name: &str,
    run: impl FnOnce() + Send + 'static,
) -> Result<thread::JoinHandle<()>, Error> {
    thread::Builder::new().name(name.to_owned()).spawn(run).map_err(|error| Error::Database(Box::new(error)))
}

/// A transaction, or one operation's part of it.
pub struct Tx<'a> {
    reader: &'a mut Reader,
    pub(crate) journal: &'a mut Journal,
}

impl Deref for Tx<'_> {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        self.reader
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Reader {
        self.reader
    }
}

trait Write: Send {
    /// Runs the operation and says whether its changes stay.
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), Kept>;
    /// Answers whoever waits, after the commit or its failure.
    fn settle(self: Box<Self>, failure: Option<Error>);
}

/// Why an operation's changes do not stay.
enum Kept {
    Not,
    Repeat,
}

struct Operation<F, T, E> {
    operation: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
    /// The request that asked for it.
    span: Span,
}

impl<F, T, E> Write for Operation<F, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), Kept> {
        let _span = self.span.enter();
        self.result = catch_unwind(AssertUnwindSafe(|| (self.operation)(tx))).ok();
        match &self.result {
            Some(Ok(_)) => Ok(()),
            _ if tx.take_conflict() => Err(Kept::Repeat),
            _ => Err(Kept::Not),
        }
    }

    fn settle(self: Box<Self>, failure: Option<Error>) {
        let _span = self.span.entered();
        match &failure {
            Some(error) => tracing::debug!(%error, "a write failed"),
            None => tracing::debug!(kept = matches!(self.result, Some(Ok(_))), "a write ended"),
        }
        let answer = match (failure, self.result) {
            (Some(error), _) => Err(E::from(error)),
            (None, Some(result)) => result,
            (None, None) => Err(E::from(Error::Interrupted)),
        };
        let _ = self.reply.send(answer);
    }
}

fn serve_writes(mut writer: Reader, location: &Location, waiting: &Receiver<Box<dyn Write>>, group: usize) {
    while let Ok(first) = waiting.recv() {
        let mut operations = vec![first];
        while operations.len() < group
            && let Ok(next) = waiting.try_recv()
        {
            operations.push(next);
        }
        commit_or_repeat(&mut writer, location, operations);
    }
}

/// How a group is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// As if every operation succeeded: without savepoints, and with changes put on their way together.
    Swift,
    /// Every operation in a savepoint of its own and every change waited for, so that a failure is its operation's alone.
    Careful,
}

/// A group in which an operation failed after it had changed something is run again carefully. One that fails even then
/// (a conflict with another node, a lost connection) is run once more with each operation in a commit of its own, so
/// that one cannot spoil the others.
fn commit_or_repeat(writer: &mut Reader, location: &Location, mut operations: Vec<Box<dyn Write>>) {
    if commit(writer, &mut operations, Pace::Swift).is_ok() {
        return settle(operations);
    }
    if recover(writer, location).is_ok() {
        match commit(writer, &mut operations, Pace::Careful) {
            Ok(()) => return settle(operations),
            Err(error) => {
                tracing::warn!(%error, operations = operations.len(), "a group of writes is repeated singly")
            }
        }
    }
    for mut operation in operations {
        let mut outcome = Err(Error::Repeat);
        for _ in 0..5 {
            if let Err(error) = recover(writer, location) {
                outcome = Err(error);
                continue;
            }
            outcome = commit(writer, std::slice::from_mut(&mut operation), Pace::Careful);
            if outcome.is_ok() {
                break;
            }
        }
        operation.settle(outcome.err());
    }
}

fn settle(operations: Vec<Box<dyn Write>>) {
    operations.into_iter().for_each(|operation| operation.settle(None));
}

fn recover(writer: &mut Reader, location: &Location) -> Result<(), Error> {
    writer.set_pipelining(false);
    writer.take_conflict();
    let _ = writer.batch("ROLLBACK");
    if writer.ping().is_err() {
        *writer = Reader::open(location)?;
    }
    Ok(())
}

fn commit(writer: &mut Reader, operations: &mut [Box<dyn Write>], pace: Pace) -> Result<(), Error> {
    writer.set_pipelining(pace == Pace::Swift);
    writer.control(if writer.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN" })?;
    let mut journal = Journal::new(Heads::lock(writer)?);
    for operation in operations {
        match pace {
            Pace::Swift => swiftly(writer, &mut journal, operation.as_mut())?,
            Pace::Careful => carefully(writer, &mut journal, operation.as_mut())?,
        }
    }
    journal.flush(writer)?;
    writer.settle()?;
    writer.control("COMMIT")
}

fn swiftly(writer: &mut Reader, journal: &mut Journal, operation: &mut dyn Write) -> Result<(), Error> {
    let mark = journal.mark();
    writer.take_touched();
    writer.take_failed();
    match operation.run(&mut Tx { reader: writer, journal }) {
        // After a failed statement PostgreSQL commits nothing, however content the operation is.
        Ok(()) if writer.take_failed() => Err(Error::Repeat),
        Ok(()) => Ok(()),
        Err(Kept::Not) if !writer.take_touched() => {
            journal.rewind(mark);
            Ok(())
        }
        Err(_) => Err(Error::Repeat),
    }
}

fn carefully(writer: &mut Reader, journal: &mut Journal, operation: &mut dyn Write) -> Result<(), Error> {
    let mark = journal.mark();
    writer.control("SAVEPOINT operation")?;
    match operation.run(&mut Tx { reader: writer, journal }) {
        Ok(()) => {}
        Err(Kept::Not) => {
            writer.control("ROLLBACK TO operation")?;
            journal.rewind(mark);
        }
        Err(Kept::Repeat) => return Err(Error::Repeat),
    }
    writer.control("RELEASE operation")
}
