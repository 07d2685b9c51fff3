//! Keystead's client library. A [`Client`] activates a product on this device, keeps its certificate, and says at any
//! time, without a network, in which [`Status`] the product is and why.
//!
//! ```no_run
//! # fn main() -> Result<(), keystead::Error> {
//! let profile = keystead::Profile::from_json(include_bytes!("../examples/profile.json"))?;
//! let client = keystead::Client::open(profile, keystead::default_folder()?)?;
//! if !client.status()?.state.is_activated() {
//!     client.activate("H7XV7-TFPGT-CQWWX-FF29K-DWY6M", "Desk PC")?;
//! }
//! # Ok(()) }
//! ```

mod account;
mod activate;
mod api;
mod client;
mod clock;
mod entropy;
mod error;
mod files;
mod hardware;
mod link;
mod profile;
mod reactivate;
mod refresh;
mod sign_in;
mod status;
mod transport;

pub use api::{Api, Call};
pub use client::{Client, default_folder};
pub use error::Error;
pub use hardware::platform;
pub use keystead_protocol as protocol;
pub use profile::Profile;
pub use refresh::Refreshed;
pub use sign_in::{PendingSignIn, SignInPoll};
pub use status::Status;
