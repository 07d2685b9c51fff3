//! Fresh databases for tests: always SQLite in a folder of its own, and PostgreSQL where `KEYSTEAD_TEST_POSTGRES`
//! names a server on which databases may be made.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::door::on_a_thread;
use crate::{Error, Location, Options, Store, Tenant};

/// The environment variable with the URL of a PostgreSQL server for tests, without a database's name.
pub const POSTGRES: &str = "KEYSTEAD_TEST_POSTGRES";

/// A database that nobody else uses; a SQLite file is deleted with it.
pub struct Database {
    /// Where it is.
    pub location: Location,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// A new SQLite file.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self { location: Location::Sqlite(folder.path().join("keystead.db")), _folder: Some(folder) }
    }

    /// A new database on the PostgreSQL server for tests, if there is one.
    pub fn postgres() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var(POSTGRES).ok()?;
        let name = format!("keystead_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let create = || {
            let mut client = postgres::Client::connect(&format!("{server}/postgres"), postgres::NoTls)?;
            Ok(client.batch_execute(&format!("CREATE DATABASE {name}"))?)
        };
        on_a_thread(create).expect("the PostgreSQL server for tests makes databases");
        Some(Self { location: Location::Postgres(format!("{server}/{name}")), _folder: None })
    }

    /// One of each kind.
    pub fn each() -> Vec<Self> {
        std::iter::once(Self::sqlite()).chain(Self::postgres()).collect()
    }

    /// Opens it.
    pub fn open(&self) -> Store {
        Store::open(&self.location, Options::default(), 0).expect("a fresh database opens")
    }
}

/// The columns of every table, as `table.column type null?`, in a form that both databases share.
pub fn schema(location: &Location) -> Result<Vec<String>, Error> {
    let mut columns = on_a_thread(|| match location {
        Location::Sqlite(path) => sqlite_schema(path),
        Location::Postgres(url) => postgres_schema(url),
    })?;
    columns.sort();
    Ok(columns)
}

fn sqlite_schema(path: &std::path::Path) -> Result<Vec<String>, Error> {
    let connection = rusqlite::Connection::open(path)?;
    let mut statement = connection.prepare(
        "SELECT m.name, c.name, c.type, c.\"notnull\" OR c.pk > 0 FROM sqlite_master m \
         JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'",
    )?;
    let columns = statement.query_map([], |row| {
        let (table, column, kind): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let required: bool = row.get(3)?;
        Ok(format!("{table}.{column} {} {required}", kind.replace("BLOB", "BYTEA")))
    })?;
    Ok(columns.collect::<Result<_, _>>()?)
}

fn postgres_schema(url: &str) -> Result<Vec<String>, Error> {
    let mut client = postgres::Client::connect(url, postgres::NoTls)?;
    let rows = client.query(
        "SELECT table_name::text, column_name::text, upper(data_type)::text, is_nullable = 'NO' \
         FROM information_schema.columns WHERE table_schema = 'public'",
        &[],
    )?;
    Ok(rows
        .iter()
        .map(|row| {
            let (table, column, kind, required): (String, String, String, bool) =
                (row.get(0), row.get(1), row.get(2), row.get(3));
            format!("{table}.{column} {kind} {required}")
        })
        .collect())
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
