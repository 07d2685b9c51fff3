//! Fresh databases for tests: always SQLite in a separate folder, and PostgreSQL if `KEYSTEAD_TEST_POSTGRES` names a
//! server on which databases may be created.

mod columns;
mod dump;
mod proxy;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::connection::param::params;
use crate::connection::{Connection, Purpose};
use crate::store::threads::on_a_thread;
use crate::{Error, Location, Options, Store, Tenant, Timeouts, migration, migrations};

pub use self::columns::columns_read;
pub use self::dump::{restore, row_counts};
pub use self::proxy::{Fault, Proxy};

/// The environment variable with the URL of a PostgreSQL test server, without a database name.
pub const POSTGRES: &str = "KEYSTEAD_TEST_POSTGRES";

/// A database for one test. A SQLite file is deleted on drop.
pub struct Database {
    /// The database's location.
    pub location: Location,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// Creates a SQLite file.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self { location: Location::Sqlite(folder.path().join("keystead.db")), _folder: Some(folder) }
    }

    /// The database at `location`. It is not deleted on drop.
    pub fn at(location: Location) -> Self {
        Self { location, _folder: None }
    }

    /// Creates a database on the PostgreSQL test server, if there is one.
    pub fn postgres() -> Option<Self> {
        Self::copy_of("template1")
    }

    /// Creates a database with the current schema on the PostgreSQL test server, if there is one. The
    /// database is a copy of a template that this process migrates once, because the migrations take longer
    /// than most tests.
    pub fn migrated_postgres() -> Option<Self> {
        static MIGRATED: OnceLock<Option<String>> = OnceLock::new();
        let template = MIGRATED.get_or_init(|| {
            let location = Self::postgres()?.location;
            make_old_schema(&location, migrations().len()).expect("an empty database can be migrated");
            let Location::Postgres(url) = location else { unreachable!("it is on PostgreSQL") };
            url.rsplit_once('/').map(|(_, name)| name.to_owned())
        });
        Self::copy_of(template.as_deref()?)
    }

    fn copy_of(template: &str) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var(POSTGRES).ok()?;
        let name = format!("keystead_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let create = || {
            let mut server = open(&Location::Postgres(format!("{server}/postgres")), Purpose::Migrate)?;
            server.batch(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
        };
        on_a_thread(create).expect("the PostgreSQL server for tests makes databases");
        Some(Self { location: Location::Postgres(format!("{server}/{name}")), _folder: None })
    }

    /// Replaces the database with an empty one. Simulates an operator who configures the wrong database.
    pub fn empty(&self) {
        let Location::Postgres(url) = &self.location else {
            let Location::Sqlite(path) = &self.location else { unreachable!("there are two kinds") };
            return std::fs::rename(path, path.with_extension("aside")).expect("the file can be moved");
        };
        let (server, name) = url.rsplit_once('/').expect("the URL names a database");
        let replace = || {
            let mut server = open(&Location::Postgres(format!("{server}/postgres")), Purpose::Migrate)?;
            server.batch(&format!("DROP DATABASE {name} WITH (FORCE)"))?;
            server.batch(&format!("CREATE DATABASE {name}"))
        };
        on_a_thread(replace).expect("the PostgreSQL server for tests replaces databases");
    }

    /// One database of each kind.
    pub fn each() -> Vec<Self> {
        std::iter::once(Self::sqlite()).chain(Self::postgres()).collect()
    }

    /// Opens a store on the database.
    pub fn open(&self) -> Store {
        Store::open(&self.location, Options::default(), 0).expect("a fresh database opens")
    }
}

/// A connection separate from the store's.
pub struct Session(Option<Connection>);

impl Session {
    /// Opens a connection.
    pub fn open(location: &Location) -> Result<Self, Error> {
        on_a_thread(|| open(location, Purpose::Migrate)).map(|connection| Self(Some(connection)))
    }

    /// Runs statements.
    pub fn run(&mut self, sql: &str) -> Result<(), Error> {
        on_a_thread(|| self.0.as_mut().map_or(Ok(()), |connection| connection.batch(sql)))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let connection = self.0.take();
        let _ = on_a_thread(move || {
            drop(connection);
            Ok(())
        });
    }
}

/// Creates the schema as it was after the first `steps` steps.
pub fn make_old_schema(location: &Location, steps: usize) -> Result<(), Error> {
    on_a_thread(|| migration::run_steps(&mut open(location, Purpose::Migrate)?, &migrations()[..steps], 0))
}

fn open(location: &Location, purpose: Purpose) -> Result<Connection, Error> {
    Connection::open(location, &Timeouts::default(), purpose)
}

/// The columns of every table, as `table.column TYPE required`, in a form shared by both databases.
/// `required` is `true` for `NOT NULL` columns.
pub fn schema(location: &Location) -> Result<Vec<String>, Error> {
    const SQLITE: &str = "SELECT m.name AS table_name, c.name AS column_name, c.type AS kind, \
         c.\"notnull\" OR c.pk > 0 AS required FROM sqlite_master m \
         JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'";
    const POSTGRES: &str = "SELECT table_name::text, column_name::text, upper(data_type)::text AS kind, \
         is_nullable = 'NO' AS required FROM information_schema.columns WHERE table_schema = 'public'";
    let mut columns = on_a_thread(|| {
        let mut connection = open(location, Purpose::Read)?;
        let sql = if connection.is_sqlite() { SQLITE } else { POSTGRES };
        connection.query(sql, params![], |row| {
            let (table, column): (String, String) = (row.get("table_name")?, row.get("column_name")?);
            let kind = row.get::<String>("kind")?.replace("BLOB", "BYTEA");
            Ok(format!("{table}.{column} {kind} {}", row.get::<bool>("required")?))
        })
    })?;
    columns.sort();
    Ok(columns)
}

/// Tries a change on a read-only connection, and returns the database's response.
pub fn change_while_reading(location: &Location) -> Result<(), Error> {
    on_a_thread(|| open(location, Purpose::Read)?.batch("UPDATE tenant SET name = 'Changed'"))
}

/// Whether a connection to a PostgreSQL server is encrypted.
pub fn is_encrypted(location: &Location) -> Result<bool, Error> {
    const ENCRYPTED_POSTGRES: &str = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let encrypted = on_a_thread(|| {
        open(location, Purpose::Read)?.query_one(ENCRYPTED_POSTGRES, params![], |row| row.get("ssl"))
    })?;
    Ok(encrypted.unwrap_or(false))
}

/// A vendor for tests.
pub fn tenant() -> Tenant {
    Tenant {
        id: keystead_protocol::id::TenantId::from_bytes(*b"tenant-0123456=="),
        slug: "acme".into(),
        name: "Acme".into(),
        fingerprint_salt: [0x55; 32],
        created_at: 0,
    }
}
