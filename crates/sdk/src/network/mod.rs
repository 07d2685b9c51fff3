//! The way to the server, and which of the many things on it is at fault when it fails.

mod api;
mod fault;
mod proxy;
mod transport;

pub use api::{Api, Call};
pub use proxy::Proxy;
