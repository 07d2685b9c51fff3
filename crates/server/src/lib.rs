//! The license server over HTTP.
//!
//! The path of a request: `serve` -> `router` and `middleware` -> `auth` (its principal) -> one file of `api::v1`, `oauth` or `pages` (extract,
//! call, render) -> one use case of `keystead_app`. Handlers never touch the store.

mod api;
mod auth;
mod cookies;
mod extract;
mod middleware;
mod oauth;
mod pages;
mod problem;
mod request_id;
mod route_table;
mod router;
mod security_headers;
mod serve;

pub use api::openapi;
pub use oauth::PATHS as OAUTH_PATHS;
pub use pages::PATHS as PAGE_PATHS;
pub use serve::{Server, listen, serve};
