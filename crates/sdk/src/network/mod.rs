//! The way to the server, and which of the many things on it is at fault when it fails.

mod api;
mod date;
mod dpop;
mod fault;
mod proxy;
mod transport;

pub use api::{Api, Call};
pub(crate) use dpop::Access;
pub use proxy::Proxy;
