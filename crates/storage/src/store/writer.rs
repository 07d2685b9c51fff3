//! The writer thread. It commits waiting operations in groups: one flush to disk serves the whole group.
//! Operations are acknowledged after the commit. A failed operation is rolled back and does not affect the
//! others.

use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use keystead_domain::Millis;

use crate::Error;
use crate::connection::{Connection, Location, Purpose};
use crate::store::commit_mark::CommitMark;
use crate::store::journal::Journal;
use crate::store::options::Options;
use crate::store::transaction::Tx;

/// Pause between two attempts to connect.
const RETRY: Duration = Duration::from_millis(50);
/// Maximum number of attempts to commit a single operation.
const SINGLE_ATTEMPTS: usize = 5;

/// An operation that waits for the writer.
pub(crate) trait Write: Send {
    /// Takes the operation from the queue; `false` if its caller gave up.
    fn take_on(&self) -> bool;
    /// Runs the operation. `Err` rolls its changes back.
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), Rollback>;
    /// Returns the result to the caller, after the commit or its `failure`.
    fn settle(self: Box<Self>, failure: Option<Error>);
}

/// Why an operation's changes are rolled back.
pub(crate) enum Rollback {
    Refused,
    Conflict,
}

/// How the operations of a group are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CommitMode {
    /// No savepoints, and changes are pipelined. A failure fails the whole group.
    Pipelined,
    /// Each operation has a savepoint, and each change is awaited. A failure fails one operation.
    Savepoints,
}

pub(crate) struct Writer {
    queue: Receiver<Box<dyn Write>>,
    connection: Connection,
    mark: Option<CommitMark>,
    /// Whether the connection is between transactions.
    idle: bool,
    /// How the next attempt begins.
    turn: Turn,
    location: Location,
    options: Options,
}

/// How a transaction begins on PostgreSQL. Transactions of several nodes run concurrently and are
/// serializable: a conflict fails one of them. After a conflict, the next attempt takes a table lock that
/// excludes the other nodes, so it cannot conflict again. The lock must precede the first query, because the
/// first query fixes the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Shared,
    Alone,
}

impl Turn {
    const fn begin(self, sqlite: bool) -> &'static str {
        match (self, sqlite) {
            (_, true) => "BEGIN IMMEDIATE",
            (Turn::Shared, false) => {
                "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE writer IN ROW EXCLUSIVE MODE"
            }
            (Turn::Alone, false) => {
                "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE writer IN SHARE ROW EXCLUSIVE MODE"
            }
        }
    }
}

impl Writer {
    pub(crate) fn open(
        location: &Location,
        options: Options,
        queue: Receiver<Box<dyn Write>>,
        now: Millis,
    ) -> Result<Self, Error> {
        let mut connection = Connection::open(location, &options.timeouts, Purpose::Write)?;
        let mark = CommitMark::open(&mut connection, now)?;
        let location = location.clone();
        Ok(Self { queue, connection, mark, idle: true, turn: Turn::Shared, location, options })
    }

    /// Runs operations until all senders are gone.
    pub(crate) fn serve(mut self) {
        while let Ok(first) = self.queue.recv() {
            if first.take_on() {
                self.commit_or_repeat(vec![first]);
            }
        }
    }

    /// Adds the waiting operations to a group, up to its maximum size.
    fn extend(&self, operations: &mut Vec<Box<dyn Write>>) {
        let room = self.options.group_commit.saturating_sub(operations.len());
        operations.extend(self.queue.try_iter().filter(|operation| operation.take_on()).take(room));
    }

    /// Runs a group. If an operation fails after it changed data, the group runs again with
    /// [`CommitMode::Savepoints`]. If that fails too (a conflict with another node, a lost connection), each
    /// operation runs in its own transaction and cannot affect the others. A group that may have been
    /// committed never runs again.
    fn commit_or_repeat(&mut self, mut operations: Vec<Box<dyn Write>>) {
        let deadline = Instant::now() + self.options.timeouts.queue;
        for mode in [CommitMode::Pipelined, CommitMode::Savepoints] {
            match self.attempt(&mut operations, mode, deadline) {
                Ok(()) => return settle(operations, || None),
                Err(Error::OutcomeUnknown) => return settle(operations, || Some(Error::OutcomeUnknown)),
                // A pipelined group also fails when an operation is refused. This failure is therefore not
                // logged.
                Err(_) if mode == CommitMode::Pipelined => {}
                Err(error) => {
                    tracing::warn!(%error, operations = operations.len(), "a group of writes is repeated singly");
                }
            }
        }
        for operation in operations {
            self.commit_singly(operation, deadline);
        }
    }

    fn commit_singly(&mut self, operation: Box<dyn Write>, deadline: Instant) {
        let mut operations = vec![operation];
        let mut outcome = Err(Error::Conflict);
        for _ in 0..SINGLE_ATTEMPTS {
            outcome = self.attempt(&mut operations, CommitMode::Savepoints, deadline);
            if matches!(outcome, Ok(()) | Err(Error::OutcomeUnknown)) {
                break;
            }
        }
        let mut failure = outcome.err();
        settle(operations, || failure.take());
    }

    /// Runs one transaction. Every error except [`Error::OutcomeUnknown`] means that nothing was committed.
    fn attempt(
        &mut self,
        operations: &mut Vec<Box<dyn Write>>,
        mode: CommitMode,
        deadline: Instant,
    ) -> Result<(), Error> {
        self.be_ready(deadline)?;
        self.idle = false;
        let done = self.run(operations, mode).and_then(|()| self.commit());
        let conflicted = self.connection.take_conflict();
        self.turn = if conflicted && done.is_err() { Turn::Alone } else { Turn::Shared };
        self.idle = done.is_ok();
        done
    }

    fn commit(&mut self) -> Result<(), Error> {
        match self.connection.control("COMMIT") {
            // PostgreSQL reported that nothing was committed.
            Err(Error::Conflict) => Err(Error::Conflict),
            Err(error) if self.mark.is_some() => self.find_outcome(error),
            committed => committed,
        }
    }

    /// Runs a transaction, except for its commit.
    fn run(&mut self, operations: &mut Vec<Box<dyn Write>>, mode: CommitMode) -> Result<(), Error> {
        self.connection.set_pipelining(mode == CommitMode::Pipelined);
        self.connection.control(self.turn.begin(self.connection.is_sqlite()))?;
        let mut journal = Journal::new(self.options.consumers);
        match mode {
            CommitMode::Pipelined => self.run_pipelined(&mut journal, operations)?,
            CommitMode::Savepoints => {
                for operation in operations {
                    run_in_savepoint(&mut self.connection, &mut journal, operation.as_mut())?;
                }
            }
        }
        let writer = &mut self.connection;
        journal.flush(writer)?;
        if let Some(mark) = &mut self.mark {
            mark.put(writer)?;
        }
        writer.settle()
    }

    /// Runs a group. Operations that arrive meanwhile join it, so that one flush to disk serves them too.
    fn run_pipelined(
        &mut self,
        journal: &mut Journal,
        operations: &mut Vec<Box<dyn Write>>,
    ) -> Result<(), Error> {
        let mut done = 0;
        while done < operations.len() {
            run_pipelined(&mut self.connection, journal, operations[done].as_mut())?;
            done += 1;
            if done == operations.len() {
                self.extend(operations);
            }
        }
        Ok(())
    }

    /// Rolls back an unfinished transaction and reconnects if the connection was lost.
    fn be_ready(&mut self, deadline: Instant) -> Result<(), Error> {
        if self.idle {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return Err(Error::Unavailable("the writer ran out of time".into()));
        }
        self.connection.set_pipelining(false);
        self.connection.take_conflict();
        let usable = !self.connection.is_closed() && {
            let _ = self.connection.batch("ROLLBACK");
            self.connection.ping().is_ok()
        };
        if !usable {
            self.reconnect(deadline)?;
        }
        self.idle = true;
        Ok(())
    }

    fn reconnect(&mut self, deadline: Instant) -> Result<(), Error> {
        loop {
            match Connection::open(&self.location, &self.options.timeouts, Purpose::Write) {
                Ok(connection) => {
                    self.connection = connection;
                    return Ok(());
                }
                Err(error) if Instant::now() + RETRY >= deadline => {
                    return Err(Error::Unavailable(error.to_string()));
                }
                Err(_) => thread::sleep(RETRY),
            }
        }
    }

    /// Determines the outcome of a commit without a response: `Ok` if it was committed, `failure` if not. The
    /// outcome is undecided while the old session exists. PostgreSQL ends a stalled session after
    /// [`crate::Timeouts::idle_in_transaction`].
    fn find_outcome(&mut self, failure: Error) -> Result<(), Error> {
        tracing::warn!(error = %failure, "a commit was not answered; PostgreSQL is asked for its outcome");
        let deadline = Instant::now() + self.options.timeouts.lock;
        while Instant::now() < deadline && self.reconnect(deadline).is_ok() {
            match self.mark.as_ref().map(|mark| mark.is_committed(&mut self.connection)) {
                Some(Ok(Some(true))) => return Ok(()),
                Some(Ok(Some(false))) => return Err(failure),
                Some(Ok(None)) | None => break,
                Some(Err(error)) => tracing::warn!(%error, "the outcome of a commit is still unknown"),
            }
        }
        Err(Error::OutcomeUnknown)
    }
}

fn settle(operations: Vec<Box<dyn Write>>, mut failure: impl FnMut() -> Option<Error>) {
    operations.into_iter().for_each(|operation| operation.settle(failure()));
}

fn run_pipelined(
    writer: &mut Connection,
    journal: &mut Journal,
    operation: &mut dyn Write,
) -> Result<(), Error> {
    let mark = journal.mark();
    writer.take_touched();
    writer.take_failed();
    match operation.run(&mut Tx { connection: writer, journal }) {
        // After a failed statement PostgreSQL commits nothing, even if the operation returned `Ok`.
        Ok(()) if writer.take_failed() => Err(Error::Conflict),
        Ok(()) => Ok(()),
        Err(Rollback::Refused) if !writer.take_touched() => {
            journal.rewind(&mark);
            Ok(())
        }
        Err(_) => Err(Error::Conflict),
    }
}

fn run_in_savepoint(
    writer: &mut Connection,
    journal: &mut Journal,
    operation: &mut dyn Write,
) -> Result<(), Error> {
    let mark = journal.mark();
    writer.control("SAVEPOINT operation")?;
    match operation.run(&mut Tx { connection: writer, journal }) {
        Ok(()) => {}
        Err(Rollback::Refused) => {
            writer.control("ROLLBACK TO operation")?;
            journal.rewind(&mark);
        }
        Err(Rollback::Conflict) => return Err(Error::Conflict),
    }
    writer.control("RELEASE operation")
}
