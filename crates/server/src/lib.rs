//! The license server over HTTP.
//!
//! A request passes through `serve`, `router` and `middleware`. `auth` determines its principal. A handler in
//! one file of `api::v1`, `oauth` or `pages` then extracts the input, calls one use case of `keystead_app`
//! and renders the result. Handlers never access the store.

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
