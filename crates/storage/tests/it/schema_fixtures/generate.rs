//! Writes the fixture of the newest schema: `sqlite3` and `pg_dump` dump a database with a row in every table.

use std::process::Command;

use keystead_protocol::tlog::Log;
use keystead_storage::testing::{Database, restore, row_counts};
use keystead_storage::{Location, Options, Store, migrations};

use super::{file_name, folder, samples};
use crate::support::{countersign, sequence};

/// A row for the table `writer` in SQLite. The store never writes to this table in SQLite.
const MARK: &str = "INSERT INTO writer (id, last_group, opened_at) VALUES ('5e1f0f2c-8a53-4c57-9a39-0d8b7f3c2a11', 41, 1773000000000)";

#[tokio::test]
#[ignore = "writes tests/fixtures; needs sqlite3, pg_dump and KEYSTEAD_TEST_POSTGRES"]
async fn write_the_fixture_of_the_newest_schema() {
    let newest = migrations().last().unwrap();
    let folder = folder(newest.number);
    std::fs::create_dir_all(&folder).unwrap();
    let databases = Database::each();
    assert_eq!(databases.len(), 2, "a fixture is written for both databases");
    for database in databases {
        let options = Options { consumers: &[samples::CONSUMER], ..Options::default() };
        let store = Store::open(&database.location, options, 0).unwrap();
        samples::insert_all(&store).await;
        for log in Log::ALL {
            sequence(&store, log, 10).await;
            countersign(&store, log).await;
        }
        drop(store);
        if matches!(database.location, Location::Sqlite(_)) {
            restore(&database.location, MARK).unwrap();
        }
        for (table, rows) in row_counts(&database.location).unwrap() {
            assert!(rows > 0, "{table} needs a sample");
        }
        let text = format!(
            "-- A database with rows in every table after the migration {}. Generated: see schema_fixtures.\n{}",
            newest.name,
            dump(&database.location)
        );
        std::fs::write(folder.join(file_name(&database.location)), text).unwrap();
    }
}

fn dump(location: &Location) -> String {
    let mut command = match location {
        Location::Sqlite(path) => {
            let mut sqlite = Command::new("sqlite3");
            sqlite.arg(path).arg(".dump");
            sqlite
        }
        Location::Postgres(url) => {
            let mut postgres = Command::new("pg_dump");
            postgres.args(["--column-inserts", "--no-owner", "--no-privileges", "--schema=public", url]);
            postgres
        }
    };
    let output = command.output().expect("the dump program is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let kept: Vec<&str> = text.lines().filter(|line| !is_noise(line)).collect();
    kept.join("\n") + "\n"
}

/// Whether a line depends on the version of the dump program, or works only in its shell.
fn is_noise(line: &str) -> bool {
    let beginnings =
        ["-- ", "\\", "SET ", "SELECT pg_catalog.set_config", "CREATE SCHEMA public", "COMMENT ON SCHEMA"];
    line.is_empty() || line == "--" || beginnings.iter().any(|beginning| line.starts_with(beginning))
}
