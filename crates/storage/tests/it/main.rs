//! Each test runs on both databases: always on SQLite, and on PostgreSQL if `KEYSTEAD_TEST_POSTGRES` is set.
#![allow(clippy::unwrap_used)]

mod accounts;
mod cluster;
mod columns;
mod devices;
mod faults;
mod guessing;
mod json_columns;
mod logs;
mod outbox;
mod prune;
mod rows;
mod schema_fixtures;
mod span;
mod store;
mod support;
mod tls;
