//! Runs queries. SQLite queries run on the calling thread: they take microseconds, less than a switch to
//! another thread. PostgreSQL queries run on separate threads, because the client must not block a thread
//! that drives asynchronous tasks.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::connection::{Connection, Location, Purpose};
use crate::store::options::Options;
use crate::store::reply::Reply;
use crate::store::threads::spawn;
use crate::{Error, Timeouts};

/// A query that waits for a reading thread.
pub(crate) trait Read: Send {
    /// Runs the query on `connection`.
    fn run(self: Box<Self>, connection: &mut Connection);
    /// Takes the query from the queue; `false` if its caller gave up.
    fn take_on(&self) -> bool;
}

pub(crate) struct Question<F, T, E> {
    pub(crate) question: F,
    pub(crate) reply: Reply<Result<T, E>>,
}

impl<F, T, E> Read for Question<F, T, E>
where
    F: FnOnce(&mut Connection) -> Result<T, E> + Send,
    T: Send,
    E: Send,
{
    fn run(self: Box<Self>, connection: &mut Connection) {
        let _span = self.reply.span().clone().entered();
        self.reply.send((self.question)(connection));
    }

    fn take_on(&self) -> bool {
        self.reply.take_on()
    }
}

/// A connection that was idle for longer than this is tested before use.
const IDLE: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub(crate) enum ReadPool {
    Here(Arc<Connections>),
    Threads(Sender<Box<dyn Read>>),
}

impl ReadPool {
    pub(crate) fn open(
        location: &Location,
        options: Options,
        threads: &mut Vec<JoinHandle<()>>,
    ) -> Result<Self, Error> {
        if matches!(location, Location::Sqlite(_)) {
            let (location, timeouts) = (location.clone(), options.timeouts);
            return Ok(ReadPool::Here(Arc::new(Connections { location, timeouts, idle: Mutex::default() })));
        }
        let (reads, waiting) = bounded(options.queue);
        for _ in 0..options.readers {
            let (location, timeouts) = (location.clone(), options.timeouts);
            let connection = Connection::open(&location, &timeouts, Purpose::Read)?;
            let (waiting, pooled) = (waiting.clone(), Pooled { connection, location, timeouts });
            threads.push(spawn("storage-read", move || pooled.serve(&waiting))?);
        }
        Ok(ReadPool::Threads(reads))
    }
}

/// A reading thread's connection.
struct Pooled {
    connection: Connection,
    location: Location,
    timeouts: Timeouts,
}

impl Pooled {
    fn serve(mut self, waiting: &Receiver<Box<dyn Read>>) {
        let mut last_used = Instant::now();
        while let Ok(read) = waiting.recv() {
            if !read.take_on() {
                continue;
            }
            self.replace_if_lost(last_used.elapsed() > IDLE);
            if catch_unwind(AssertUnwindSafe(|| read.run(&mut self.connection))).is_err() {
                tracing::error!("a read panicked");
            }
            last_used = Instant::now();
        }
    }

    /// Replaces a lost connection. The database may have restarted or stopped responding, or the idle connection was
    /// cut.
    fn replace_if_lost(&mut self, was_idle: bool) {
        let lost = self.connection.is_closed() || was_idle && self.connection.ping().is_err();
        if lost && let Ok(fresh) = Connection::open(&self.location, &self.timeouts, Purpose::Read) {
            self.connection = fresh;
        }
    }
}

/// Unused connections. There are at most as many as threads that queried at the same time.
pub(crate) struct Connections {
    location: Location,
    timeouts: Timeouts,
    idle: Mutex<Vec<Connection>>,
}

impl Connections {
    /// Runs a closure in one read transaction. All queries of the closure see one snapshot, and SQLite locks
    /// the file once instead of once per statement.
    pub(crate) fn answer<T, E: From<Error>>(
        &self,
        question: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => Connection::open(&self.location, &self.timeouts, Purpose::Read)?,
        };
        connection.control("BEGIN")?;
        let answer = question(&mut connection);
        // A connection is not reused if its transaction could not be ended.
        if connection.control("COMMIT").is_err() {
            return answer;
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        answer
    }
}

impl Connection {
    /// Runs a closure on one snapshot. On SQLite, every read already has one snapshot.
    pub(crate) fn in_snapshot<T>(
        &mut self,
        question: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.is_sqlite() {
            return question(self);
        }
        self.control("BEGIN ISOLATION LEVEL REPEATABLE READ")?;
        let answer = question(self);
        self.control("ROLLBACK")?;
        answer
    }
}
