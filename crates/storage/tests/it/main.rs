//! One body of tests, each database: SQLite always, PostgreSQL where `KEYSTEAD_TEST_POSTGRES` names a server.
#![allow(clippy::unwrap_used)]

mod accounts;
mod cluster;
mod columns;
mod devices;
mod faults;
mod guessing;
mod logs;
mod outbox;
mod prune;
mod rows;
mod schema_fixtures;
mod span;
mod store;
mod support;
mod tls;
