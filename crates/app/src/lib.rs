//! The use cases of the license server, without HTTP. The API, the pages, the command line and the jobs call
//! them.
//!
//! A use case takes the [`context::App`] and a [`principal::Principal`] and checks the permission itself. It
//! makes its change in one write transaction and returns domain values.

pub mod accounts;
pub mod audit;
pub mod catalog;
pub mod clock;
pub mod config;
pub mod config_permissions;
pub mod context;
pub mod credential;
pub mod email;
pub mod entropy;
pub mod error;
pub mod i18n;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod licensing;
pub mod oauth;
pub mod offline;
pub mod open_connections;
pub mod outbox_consumers;
pub mod pagination;
pub mod principal;
pub mod readiness;
pub mod request;
pub mod retry_schedule;
pub mod security;
#[cfg(test)]
pub mod testing;
pub mod time_format;
