//! Requests to the server, and the causes of failures.

mod api;
mod date;
mod dpop;
mod fault;
mod proxy;
mod transport;

pub use api::{Api, Call};
pub(crate) use dpop::Access;
pub use proxy::Proxy;
