//! Restores SQL dumps of earlier schemas.

use std::collections::BTreeMap;

use super::open;
use crate::connection::param::params;
use crate::connection::{Connection, Purpose};
use crate::store::threads::on_a_thread;
use crate::{Error, Location};

/// Runs the statements of a dump on a database without tables.
pub fn restore(location: &Location, statements: &str) -> Result<(), Error> {
    on_a_thread(|| open(location, Purpose::Migrate)?.batch(statements))
}

/// The number of rows of each table.
pub fn row_counts(location: &Location) -> Result<BTreeMap<String, i64>, Error> {
    on_a_thread(|| {
        let mut connection = open(location, Purpose::Read)?;
        let tables = tables(&mut connection)?;
        tables.into_iter().map(|table| Ok((table.clone(), count(&mut connection, &table)?))).collect()
    })
}

fn tables(connection: &mut Connection) -> Result<Vec<String>, Error> {
    const TABLES_SQLITE: &str =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    const TABLES_POSTGRES: &str =
        "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'";
    let sql = if connection.is_sqlite() { TABLES_SQLITE } else { TABLES_POSTGRES };
    connection.query(sql, params![], |row| row.get("name"))
}

fn count(connection: &mut Connection, table: &str) -> Result<i64, Error> {
    // Statements are cached by the address of their text, so the text must stay valid.
    let sql: &'static str = format!("SELECT COUNT(*) AS found FROM {table}").leak();
    Ok(connection.query_one(sql, params![], |row| row.get("found"))?.unwrap_or_default())
}
