//! One connection to either database, with one way to ask.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use postgres::types::ToSql;
use rusqlite::config::DbConfig;

use crate::Error;
use crate::param::{Param, params};
use crate::row::Row;

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file, made if it is missing.
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

impl FromStr for Location {
    type Err = Error;

    /// Reads `postgres://…`, `sqlite:PATH` or a plain path.
    fn from_str(url: &str) -> Result<Self, Error> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Location::Postgres(url.to_owned()));
        }
        Ok(Location::Sqlite(PathBuf::from(url.strip_prefix("sqlite:").unwrap_or(url))))
    }
}

/// A connection that can be asked.
pub struct Reader {
    link: Link,
    conflict: bool,
}

enum Link {
    Sqlite(Box<Sqlite>),
    Postgres(Box<Postgres>),
}

struct Sqlite {
    connection: rusqlite::Connection,
    /// Each statement's column names; asking SQLite for every column of every row costs more than the row.
    columns: HashMap<&'static str, Arc<[String]>>,
    inserts: HashMap<&'static str, String>,
}

struct Postgres {
    client: postgres::Client,
    prepared: HashMap<&'static str, postgres::Statement>,
    inserts: HashMap<(&'static str, usize), postgres::Statement>,
}

impl Sqlite {
    fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self { connection: open_sqlite(path)?, columns: HashMap::new(), inserts: HashMap::new() })
    }
}

impl Postgres {
    fn prepare(&mut self, sql: &'static str) -> Result<postgres::Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }
}

impl Reader {
    pub(crate) fn open(location: &Location) -> Result<Self, Error> {
        let link = match location {
            Location::Sqlite(path) => Link::Sqlite(Box::new(Sqlite::open(path)?)),
            Location::Postgres(url) => {
                let client = postgres::Client::connect(url, postgres::NoTls)?;
                Link::Postgres(Box::new(Postgres {
                    client,
                    prepared: HashMap::new(),
                    inserts: HashMap::new(),
                }))
            }
        };
        Ok(Self { link, conflict: false })
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.link, Link::Sqlite(_))
    }

    /// Whether the connection is known to be lost.
    pub(crate) fn is_closed(&self) -> bool {
        match &self.link {
            Link::Sqlite(_) => false,
            Link::Postgres(postgres) => postgres.client.is_closed(),
        }
    }

    /// Whether another transaction was in the way since this was last asked.
    pub(crate) fn take_conflict(&mut self) -> bool {
        std::mem::take(&mut self.conflict)
    }

    fn noting<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.conflict |= matches!(result, Err(Error::Repeat));
        result
    }

    /// Runs statements without parameters.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match &mut self.link {
            Link::Sqlite(sqlite) => sqlite.connection.execute_batch(sql)?,
            Link::Postgres(postgres) => postgres.client.batch_execute(sql)?,
        }
        Ok(())
    }

    /// Runs a statement that has neither parameters nor rows, often: `SAVEPOINT` and the like.
    pub(crate) fn control(&mut self, sql: &'static str) -> Result<(), Error> {
        match &mut self.link {
            Link::Sqlite(sqlite) => Ok(sqlite.connection.prepare_cached(sql)?.raw_execute().map(drop)?),
            Link::Postgres(postgres) => Ok(postgres.client.batch_execute(sql)?),
        }
    }

    /// Runs a change and says how many rows it touched.
    pub(crate) fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, Error> {
        let result = self.link.execute(sql, params);
        self.noting(result)
    }

    /// Inserts rows of one width: one by one where the database is in this process, many a round trip where it is not.
    pub(crate) fn insert(&mut self, into: &'static str, rows: &[Vec<Param<'_>>]) -> Result<(), Error> {
        let most = if self.is_sqlite() { 1 } else { ROWS_AT_ONCE };
        for chunk in rows.chunks(most) {
            let result = self.link.insert(into, chunk);
            self.noting(result)?;
        }
        Ok(())
    }

    /// Asks for rows.
    pub(crate) fn query<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let result = self.link.query(sql, params, read);
        self.noting(result)
    }

    /// Asks for at most one row.
    pub(crate) fn query_one<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        Ok(self.query(sql, params, read)?.into_iter().next())
    }

    /// Whether the database answers.
    pub fn ping(&mut self) -> Result<(), Error> {
        self.query("SELECT 1 AS one", params![], |_| Ok(())).map(drop)
    }
}

/// Rows in one statement to PostgreSQL.
const ROWS_AT_ONCE: usize = 64;

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn placeholders(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let numbers: Vec<String> =
            (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", numbers.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

impl Link {
    fn insert(&mut self, into: &'static str, rows: &[Vec<Param<'_>>]) -> Result<(), Error> {
        let params: Vec<Param<'_>> = rows.iter().flatten().copied().collect();
        let columns = rows.first().map_or(0, Vec::len);
        let sql = || format!("{into} VALUES {}", placeholders(rows.len(), columns));
        match self {
            Link::Sqlite(sqlite) => {
                let sql = sqlite.inserts.entry(into).or_insert_with(sql);
                let mut statement = sqlite.connection.prepare_cached(sql)?;
                bind(&mut statement, &params)?;
                statement.raw_execute()?;
            }
            Link::Postgres(postgres) => {
                let known = postgres.inserts.get(&(into, rows.len())).cloned();
                let statement = match known {
                    Some(statement) => statement,
                    None => postgres.client.prepare(&sql())?,
                };
                postgres.client.execute(&statement, &by_reference(&params))?;
                postgres.inserts.insert((into, rows.len()), statement);
            }
        }
        Ok(())
    }

    fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, Error> {
        match self {
            Link::Sqlite(sqlite) => {
                let mut statement = sqlite.connection.prepare_cached(sql)?;
                bind(&mut statement, params)?;
                Ok(statement.raw_execute()? as u64)
            }
            Link::Postgres(postgres) => {
                let statement = postgres.prepare(sql)?;
                Ok(postgres.client.execute(&statement, &by_reference(params))?)
            }
        }
    }

    fn query<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        match self {
            Link::Sqlite(sqlite) => {
                let mut statement = sqlite.connection.prepare_cached(sql)?;
                let columns = sqlite.columns.entry(sql).or_insert_with(|| names(&statement));
                bind(&mut statement, params)?;
                let mut rows = statement.raw_query();
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    found.push(read(&Row::Sqlite(row, columns))?);
                }
                Ok(found)
            }
            Link::Postgres(postgres) => {
                let statement = postgres.prepare(sql)?;
                let rows = postgres.client.query(&statement, &by_reference(params))?;
                rows.iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }
}

fn names(statement: &rusqlite::Statement<'_>) -> Arc<[String]> {
    statement.column_names().map(str::to_owned).collect()
}

fn by_reference<'a>(params: &'a [Param<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|param| param as _).collect()
}

fn open_sqlite(path: &Path) -> Result<rusqlite::Connection, Error> {
    let connection = rusqlite::Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(128);
    // Without it some prepared statements are planned anew at every execution, to look at the bound values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // FULL: an acknowledged commit survives a power cut.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456;",
    )?;
    Ok(connection)
}

/// SQLite numbers `$n` by first occurrence, so each is bound by its name.
fn bind(statement: &mut rusqlite::CachedStatement<'_>, params: &[Param<'_>]) -> Result<(), Error> {
    const NAMES: [&str; 24] = [
        "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
        "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24",
    ];
    for (name, param) in NAMES.iter().zip(params) {
        let index = statement
            .parameter_index(name)?
            .ok_or_else(|| rusqlite::Error::InvalidParameterName((*name).to_owned()))?;
        statement.raw_bind_parameter(index, param)?;
    }
    Ok(())
}
