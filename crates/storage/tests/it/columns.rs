//! The queries read every column of their tables.

use std::collections::BTreeSet;

use keystead_storage::testing::{Database, columns_read, schema};

/// Columns that are in none of the compared column lists, with the reasons.
const NOT_READ: [(&str, &str); 6] = [
    ("activation.app_version", "kept for the vendor's reports"),
    ("activation.license_id", "read with the license"),
    ("api_token.digest", "the row is found by it"),
    ("device_grant.device_code_digest", "the row is found by it"),
    ("device_grant.user_code_digest", "the row is found by it"),
    ("web_session.digest", "the row is found by it"),
];

#[tokio::test]
async fn every_column_of_the_schema_is_read() {
    for database in Database::each() {
        drop(database.open());
        let read: BTreeSet<String> = columns_read().into_iter().collect();
        let tables: BTreeSet<&str> =
            read.iter().filter_map(|column| Some(column.split_once('.')?.0)).collect();
        let columns = schema(&database.location).unwrap();
        let expected: BTreeSet<String> = columns
            .iter()
            .filter_map(|column| column.split(' ').next())
            .filter(|column| column.split_once('.').is_some_and(|(table, _)| tables.contains(table)))
            .filter(|column| !NOT_READ.iter().any(|(name, _)| name == column))
            .map(str::to_owned)
            .collect();
        assert_eq!(read, expected);
    }
}
