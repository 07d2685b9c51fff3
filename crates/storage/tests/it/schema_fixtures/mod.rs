//! Populated databases of earlier schemas, in `tests/fixtures/<last migration>/{sqlite,postgres}.sql`.

mod generate;
mod readers;
mod samples;

use std::path::{Path, PathBuf};

use keystead_storage::testing::{Database, restore, row_counts};
use keystead_storage::{Location, migrations};

/// The migration that introduced Merkle trees. It deletes the heads of the old hash chains. It also deletes
/// all messages, because no message had a consumer.
const MERKLE_TREES: i64 = 16;
const DELETED_BY_MERKLE_TREES: [&str; 2] = ["chain_head", "outbox"];

/// The migration that renamed tables.
const NAMES: i64 = 17;
const RENAMED_BY_NAMES: [(&str, &str); 2] = [("half_sign_in", "mfa_challenge"), ("letter", "queued_email")];

/// The migration that introduced countersignatures.
const COUNTERSIGNATURES: i64 = 19;

/// The current name of a table of an earlier schema.
fn name_today(table: &str, number: i64) -> &str {
    let renamed = RENAMED_BY_NAMES.iter().find(|(before, _)| number < NAMES && *before == table);
    renamed.map_or(table, |(_, after)| after)
}

/// The folder of the fixture whose last migration has this number.
fn folder(number: i64) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{number:04}"))
}

fn file_name(location: &Location) -> &'static str {
    match location {
        Location::Sqlite(_) => "sqlite.sql",
        Location::Postgres(_) => "postgres.sql",
    }
}

/// The numbers of the migrations that have a fixture.
fn kept() -> Vec<i64> {
    let numbers = migrations().iter().map(|step| step.number);
    numbers.filter(|number| folder(*number).exists()).collect()
}

#[test]
fn the_newest_schema_has_a_fixture() {
    let newest = migrations().last().unwrap().number;
    assert_eq!(
        kept().last(),
        Some(&newest),
        "run `cargo test -p keystead-storage --test it write_the_fixture_of_the_newest_schema -- --ignored`"
    );
}

#[tokio::test]
async fn a_database_of_an_earlier_schema_is_brought_forward() {
    for number in kept() {
        for database in Database::each() {
            let dump = folder(number).join(file_name(&database.location));
            restore(&database.location, &std::fs::read_to_string(dump).unwrap()).unwrap();
            let before = row_counts(&database.location).unwrap();
            for (table, rows) in &before {
                assert!(*rows > 0, "the fixture {number} has no row in {table}");
            }
            assert_eq!(before["schema_migration"], number);

            let store = database.open();
            let mut after = row_counts(&database.location).unwrap();
            assert_eq!(after.remove("schema_migration"), Some(migrations().len() as i64));
            for (table, rows) in before.iter().filter(|(table, _)| *table != "schema_migration") {
                // On PostgreSQL, opening the store adds a row for its writer.
                let opened =
                    i64::from(table == "writer" && matches!(database.location, Location::Postgres(_)));
                let is_deleted = number < MERKLE_TREES && DELETED_BY_MERKLE_TREES.contains(&table.as_str());
                let expected = if is_deleted { 0 } else { rows + opened };
                let found = after.get(name_today(table, number)).copied().unwrap_or_default();
                assert_eq!(found, expected, "{table} of the fixture {number}");
            }
            readers::check(&store, number).await;
        }
    }
}
