//! Simulated devices, customers and vendors that speak the real protocol to a real server.

mod browser;
mod device;
mod http;

pub use browser::Browser;
pub use device::Device;
pub use http::{Exchange, Http, Reply};
