//! The schema migrations: numbered steps for both databases. Steps are never edited after a release.

use crate::Error;
use crate::connection::Connection;
use crate::connection::param::params;

/// One step: number, name and SQL for each database.
pub struct Migration {
    /// Numbered from 1.
    pub number: i64,
    /// The name of the SQL file, without its extension.
    pub name: &'static str,
    /// The SQL for SQLite.
    pub sqlite: &'static str,
    /// The SQL for PostgreSQL.
    pub postgres: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal)*) => {
        &[$(Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        },)*]
    };
}

/// All steps, in order.
pub fn migrations() -> &'static [Migration] {
    migrations! {
        1 "0001_foundation"
        2 "0002_accounts"
        3 "0003_authorization"
        4 "0004_device_pages"
        5 "0005_ways_to_sign_in"
        6 "0006_offline"
        7 "0007_floating"
        8 "0008_offline_file"
        9 "0009_device_lists"
        10 "0010_seats_and_forks"
        11 "0011_principals"
        12 "0012_root"
        13 "0013_guessing"
        14 "0014_writer"
        15 "0015_app_session_end"
        16 "0016_transparency_logs"
        17 "0017_names"
        18 "0018_budget_use_by_kind"
        19 "0019_log_countersignature"
    }
}

pub(crate) fn run(connection: &mut Connection, now: i64) -> Result<(), Error> {
    run_steps(connection, migrations(), now)
}

pub(crate) fn run_steps(connection: &mut Connection, steps: &[Migration], now: i64) -> Result<(), Error> {
    let sqlite = connection.is_sqlite();
    // The lock prevents two nodes from migrating at the same time.
    connection.batch(if sqlite {
        "BEGIN IMMEDIATE"
    } else {
        "BEGIN; SELECT pg_advisory_xact_lock(7235419)"
    })?;
    connection.batch(
        "CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)",
    )?;
    let applied =
        connection.query("SELECT number, name FROM schema_migration ORDER BY number", params![], |row| {
            Ok((row.get::<i64>("number")?, row.get::<String>("name")?))
        })?;
    check(&applied)?;
    for step in &steps[applied.len()..] {
        connection.batch(if sqlite { step.sqlite } else { step.postgres })?;
        connection.execute(
            "INSERT INTO schema_migration (number, name, applied_at) VALUES ($1, $2, $3)",
            params![step.number, step.name, now],
        )?;
    }
    connection.batch("COMMIT")
}

fn check(applied: &[(i64, String)]) -> Result<(), Error> {
    let known = migrations();
    if applied.len() > known.len() {
        return Err(Error::Schema(format!(
            "it has step {}, this program knows {}",
            applied.len(),
            known.len()
        )));
    }
    for (step, (number, name)) in known.iter().zip(applied) {
        if (step.number, step.name) != (*number, name.as_str()) {
            return Err(Error::Schema(format!("step {number} is {name}, expected {}", step.name)));
        }
    }
    Ok(())
}
