//! One body of tests, each database: SQLite always, PostgreSQL where `KEYSTEAD_TEST_POSTGRES` names a server.
mod door;
mod rows;
mod support;
