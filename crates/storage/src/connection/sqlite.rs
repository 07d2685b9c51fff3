//! A connection to a SQLite file, in this process.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, Statement};

use super::{Purpose, placeholders};
use crate::connection::param::{Bound, Param};
use crate::connection::row::Row;
use crate::{Error, Timeouts};

/// Pause between two attempts to set up a connection.
const RETRY: Duration = Duration::from_millis(10);

pub(super) struct Sqlite {
    connection: Connection,
    /// The columns of each statement, keyed by the address and length of the statement's text. Asking SQLite
    /// for the columns of every row costs more than reading the row. Hashing a long text costs more than a
    /// short query.
    columns: HashMap<(usize, usize), Arc<[String]>>,
    inserts: HashMap<&'static str, String>,
}

impl Sqlite {
    pub(super) fn open(path: &Path, timeouts: &Timeouts, purpose: Purpose) -> Result<Self, Error> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(timeouts.lock)?;
        connection.set_prepared_statement_cache_capacity(128);
        // Without this setting, some prepared statements are planned again at every execution, based on the bound
        // values.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        set_up(&connection, timeouts.lock)?;
        if purpose == Purpose::Read {
            connection.execute_batch("PRAGMA query_only = ON")?;
        }
        Ok(Self { connection, columns: HashMap::new(), inserts: HashMap::new() })
    }

    pub(super) fn batch(&self, sql: &str) -> Result<(), Error> {
        Ok(self.connection.execute_batch(sql)?)
    }

    pub(super) fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, params)?;
        Ok(statement.raw_execute()? as u64)
    }

    pub(super) fn insert(&mut self, into: &'static str, rows: &[Vec<Param<'_>>]) -> Result<(), Error> {
        let Some(first) = rows.first() else { return Ok(()) };
        let sql = || format!("{into} VALUES {}", placeholders(1, first.len()));
        let sql = self.inserts.entry(into).or_insert_with(sql);
        let mut statement = self.connection.prepare_cached(sql)?;
        for row in rows {
            bind(&mut statement, row)?;
            statement.raw_execute()?;
        }
        Ok(())
    }

    pub(super) fn query<T>(
        &mut self,
        Bound { sql, params }: Bound<'_>,
        read: impl Fn(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let columns =
            self.columns.entry((sql.as_ptr().addr(), sql.len())).or_insert_with(|| names(&statement));
        bind(&mut statement, params)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(&Row::sqlite(row, columns))?);
        }
        Ok(found)
    }
}

/// Configures the connection. Retries here because SQLite ignores the busy timeout while another process
/// creates or removes the write-ahead log.
fn set_up(connection: &Connection, limit: Duration) -> Result<(), Error> {
    let began = Instant::now();
    loop {
        // With FULL, an acknowledged commit survives a power failure.
        let done = connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456; PRAGMA wal_autocheckpoint = 8000;",
        );
        match done.map_err(Error::from) {
            Err(Error::Conflict) if began.elapsed() < limit => thread::sleep(RETRY),
            done => return done,
        }
    }
}

fn names(statement: &Statement<'_>) -> Arc<[String]> {
    statement.column_names().map(str::to_owned).collect()
}

/// Binds parameters by name, because SQLite numbers `$n` by first occurrence.
fn bind(statement: &mut CachedStatement<'_>, params: &[Param<'_>]) -> Result<(), Error> {
    const NAMES: [&str; 24] = [
        "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
        "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24",
    ];
    if params.len() > NAMES.len() {
        return Err(rusqlite::Error::InvalidParameterCount(params.len(), NAMES.len()).into());
    }
    for (name, param) in NAMES.iter().zip(params) {
        let index = statement
            .parameter_index(name)?
            .ok_or_else(|| rusqlite::Error::InvalidParameterName((*name).to_owned()))?;
        statement.raw_bind_parameter(index, param)?;
    }
    Ok(())
}
