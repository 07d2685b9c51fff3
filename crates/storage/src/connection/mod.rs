//! A connection to either database, with one query interface.

mod address;
pub(crate) mod json;
pub(crate) mod param;
mod postgres;
pub(crate) mod row;
mod sqlite;
pub(crate) mod statement;
pub(crate) mod timeouts;
mod tls;
mod tls_parameters;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use self::address::Address;
use self::postgres::Postgres;
use self::sqlite::Sqlite;
use crate::connection::param::{Bound, Param, params};
use crate::connection::row::Row;
use crate::{Error, Timeouts};

/// The location of the database.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file, created if missing.
    Sqlite(PathBuf),
    /// A PostgreSQL database, as a `postgres://` URL.
    Postgres(String),
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Sqlite(path) => write!(f, "SQLite at {}", path.display()),
            Location::Postgres(_) => f.write_str("PostgreSQL"),
        }
    }
}

impl Location {
    /// Whether the connection is protected against eavesdropping and impersonation.
    pub fn is_protected(&self) -> Result<bool, Error> {
        match self {
            Location::Sqlite(_) => Ok(true),
            Location::Postgres(url) => Ok(Address::parse(url, &Timeouts::default())?.is_protected()),
        }
    }
}

impl FromStr for Location {
    type Err = Error;

    /// Parses `postgres://…`, `sqlite:PATH` or a plain path.
    fn from_str(url: &str) -> Result<Self, Error> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Location::Postgres(url.to_owned()));
        }
        Ok(Location::Sqlite(PathBuf::from(url.strip_prefix("sqlite:").unwrap_or(url))))
    }
}

/// Purpose of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Schema changes, which may take long.
    Migrate,
    Write,
    /// Queries only; the database refuses changes.
    Read,
}

/// A connection for queries.
pub struct Connection {
    backend: Backend,
    conflict: bool,
    touched: bool,
    failed: bool,
}

enum Backend {
    Sqlite(Box<Sqlite>),
    Postgres(Box<Postgres>),
}

impl Connection {
    pub(crate) fn open(location: &Location, timeouts: &Timeouts, purpose: Purpose) -> Result<Self, Error> {
        let backend = match location {
            Location::Sqlite(path) => Backend::Sqlite(Box::new(Sqlite::open(path, timeouts, purpose)?)),
            Location::Postgres(url) => Backend::Postgres(Box::new(Postgres::open(url, timeouts, purpose)?)),
        };
        Ok(Self { backend, conflict: false, touched: false, failed: false })
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.backend, Backend::Sqlite(_))
    }

    /// Whether the connection is known to be lost.
    pub(crate) fn is_closed(&self) -> bool {
        match &self.backend {
            Backend::Sqlite(_) => false,
            Backend::Postgres(postgres) => postgres.is_closed(),
        }
    }

    /// Whether the transaction conflicted with another one.
    pub(crate) fn has_conflict(&self) -> bool {
        self.conflict
    }

    /// Returns whether the transaction conflicted with another one, and resets the flag.
    pub(crate) fn take_conflict(&mut self) -> bool {
        std::mem::take(&mut self.conflict)
    }

    /// Returns whether data was changed or a statement failed since the last call.
    pub(crate) fn take_touched(&mut self) -> bool {
        std::mem::take(&mut self.touched)
    }

    /// Returns whether a statement failed since the last call, even if the operation ignored the failure.
    pub(crate) fn take_failed(&mut self) -> bool {
        std::mem::take(&mut self.failed)
    }

    /// Enables or disables pipelining. With pipelining, [`Connection::change`] does not wait for a response.
    pub(crate) fn set_pipelining(&mut self, on: bool) {
        if let Backend::Postgres(postgres) = &mut self.backend {
            postgres.set_pipelining(on);
        }
    }

    /// Flushes the pipeline. Results of [`Connection::change_one`] are only assumptions until this method
    /// returns.
    pub(crate) fn settle(&mut self) -> Result<(), Error> {
        let result = match &mut self.backend {
            Backend::Sqlite(_) => Ok(()),
            Backend::Postgres(postgres) => postgres.settle(),
        };
        self.noting(result)
    }

    fn noting<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.conflict |= matches!(result, Err(Error::Conflict));
        self.touched |= result.is_err();
        self.failed |= result.is_err();
        result
    }

    /// Runs statements without parameters.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.batch(sql),
            Backend::Postgres(postgres) => postgres.batch(sql),
        }
    }

    /// Runs a frequent statement that has no parameters and returns no rows, such as `SAVEPOINT`.
    pub(crate) fn control(&mut self, sql: &'static str) -> Result<(), Error> {
        let result = match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.execute(sql, &[]).map(drop),
            Backend::Postgres(postgres) => postgres.batch(sql),
        };
        self.noting(result)
    }

    /// Runs a change and returns the number of affected rows.
    pub(crate) fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, Error> {
        let result = match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.execute(sql, params),
            Backend::Postgres(postgres) => postgres.execute(sql, params),
        };
        self.touched |= result.as_ref().is_ok_and(|rows| *rows > 0);
        self.noting(result)
    }

    /// Runs a change and discards the number of rows. On PostgreSQL the change may be pipelined: later
    /// statements see its effect, and a failure fails the transaction.
    pub(crate) fn change(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<(), Error> {
        self.touched = true;
        let result = match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.execute(sql, params).map(drop),
            Backend::Postgres(postgres) => postgres.change(sql, params),
        };
        self.noting(result)
    }

    /// Runs a change that should affect one row, and returns whether it did. With pipelining, the change is
    /// assumed to affect one row. If the assumption is wrong, the transaction fails and runs again without
    /// pipelining.
    pub(crate) fn change_one(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<bool, Error> {
        let result = match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.execute(sql, params).map(|rows| rows == 1),
            Backend::Postgres(postgres) => postgres.change_one(sql, params),
        };
        self.touched |= result.as_ref().is_ok_and(|done| *done);
        self.noting(result)
    }

    /// Inserts rows of equal width: one by one on SQLite, many per statement on PostgreSQL.
    pub(crate) fn insert(&mut self, into: &'static str, rows: &[Vec<Param<'_>>]) -> Result<(), Error> {
        let result = match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.insert(into, rows),
            Backend::Postgres(postgres) => postgres.insert(into, rows),
        };
        self.touched = true;
        self.noting(result)
    }

    /// Runs a query.
    pub(crate) fn query<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let result = match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.query(Bound { sql, params }, read),
            Backend::Postgres(postgres) => postgres.query(Bound { sql, params }, read),
        };
        self.noting(result)
    }

    /// Runs a query for at most one row.
    pub(crate) fn query_one<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        Ok(self.query(sql, params, read)?.into_iter().next())
    }

    /// Checks that the database responds.
    pub fn ping(&mut self) -> Result<(), Error> {
        self.query("SELECT 1 AS one", params![], |_| Ok(())).map(drop)
    }
}

/// The placeholders of an `INSERT`, such as `($1, $2), ($3, $4)` for two rows of two columns.
fn placeholders(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let numbers: Vec<String> =
            (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", numbers.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}
