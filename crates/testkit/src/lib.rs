//! Simulated devices, customers and vendors that speak the real protocol to a real server.

mod browser;
mod device;
mod http;
mod mailbox;
mod server;
#[cfg(feature = "snapshots")]
mod transcript;
mod vendor;

pub use browser::{Browser, PASSWORD, hidden};
pub use device::Device;
pub use http::{Exchange, Http, Reply};
pub use mailbox::{Email, Mailbox};
pub use server::{Server, free_port};
#[cfg(feature = "snapshots")]
pub use transcript::{Transcript, snapshot_settings};
pub use vendor::Vendor;

/// Settings that disable the server's rate limits.
pub const WITHOUT_LIMITS: [(&str, &str); 6] = [
    ("KEYSTEAD_LIMITS__REQUESTS_PER_SECOND", "0"),
    ("KEYSTEAD_LIMITS__BAD_KEYS_PER_MINUTE", "0"),
    ("KEYSTEAD_LIMITS__SIGN_INS_PER_MINUTE", "0"),
    ("KEYSTEAD_LIMITS__SIGN_UPS_PER_MINUTE", "0"),
    ("KEYSTEAD_LIMITS__EMAILS_PER_HOUR", "0"),
    ("KEYSTEAD_LIMITS__CONNECTIONS_PER_ADDRESS", "0"),
];
