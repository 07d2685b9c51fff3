//! The license server.
//!
//! A request goes one way: `serve` -> `router` and `middleware` -> `auth` (who asks) -> one file of `api::v1` or `web` (extract, call, render) ->
//! one file of `operation` (the story, in one transaction) -> `storage`. Handlers never touch the store.

mod api;
mod app;
mod attempt;
mod auth;
mod bearer;
mod breached;
mod carried;
mod catalog;
mod client;
mod clock;
pub mod config;
mod dpop;
mod entropy;
mod error;
mod even_time;
mod exposed_config;
mod extract;
mod id_token;
mod identity;
mod job;
mod keyed_digest;
mod keys;
mod known_browser;
mod limits;
mod mail;
mod middleware;
mod nonce;
mod once;
mod open_connections;
mod operation;
mod origin;
mod principal;
mod private;
mod provider;
mod readiness;
mod request_id;
mod router;
mod security_headers;
mod serve;
mod texts;
mod web;
mod work;

pub use api::openapi;
pub use app::App;
pub use client::{Client, Grant};
pub use clock::Clock;
pub use config::Config;
pub use exposed_config::warn_if_exposed;
pub use job::{Pruned, prune};
pub use keys::{KeyRequest, Keys, Rotation, SignedKeys, read_root};
pub use keystead_storage::{Account, ApiToken, Role};
pub use operation::make_api_token::make_api_token;
pub use operation::make_staff::{NewStaff, make_staff};
pub use operation::manage_accounts::{AccountChange, change_account, list_staff};
pub use operation::manage_tokens::{list_api_tokens, revoke_api_token};
pub use operation::verify_logs::{
    begins_with, prove_certificate, prove_consistency, prove_inclusion, sequence_logs, verify_logs,
};
pub use provider::Settings as ProviderSettings;
pub use serve::{Server, listen, serve};
