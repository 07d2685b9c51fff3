//! Keystead's client library. A [`Client`] activates a product on this device, keeps its certificate, and says at any
//! time, without a network, in which [`Status`] the product is and why.
//!
//! ```no_run
//! # fn main() -> Result<(), keystead::Error> {
//! let profile = keystead::Profile::from_json(include_bytes!("../examples/profile.json"))?;
//! let client = std::sync::Arc::new(keystead::Client::open(profile, keystead::default_folder()?)?);
//! if !client.status()?.state.is_activated() {
//!     client.activate("H7XV7-TFPGT-CQWWX-FF29K-DWY6M", "Desk PC")?;
//! }
//! // From now on nobody waits for the network.
//! let _upkeep = client.keep_fresh(|status| println!("{}", status.sentence))?;
//! let export = client.status()?.has_feature("export");
//! # Ok(()) }
//! ```

mod account;
mod activate;
mod client;
mod clock;
mod details;
mod device_key;
mod doctor;
mod entropy;
mod error;
mod files;
mod fingerprint;
mod floating;
mod hardware;
mod link;
mod network;
mod offline;
mod offline_file;
mod options;
mod profile;
mod prolong;
mod reactivate;
mod refresh;
mod sealed;
pub mod settings;
mod sign_in;
mod status;
mod tpm;
mod trust;
mod upkeep;

pub use client::{Client, default_folder};
pub use doctor::{Diagnostics, Finding};
pub use error::Error;
pub use floating::Seat;
pub use hardware::{device_name, platform};
pub use keystead_protocol as protocol;
pub use keystead_protocol::state::State;
pub use link::needs_ownership_sign_in;
pub use network::{Api, Call, Proxy};
pub use offline::{OfflineRequest, ReleaseProof};
pub use options::Options;
pub use profile::Profile;
pub use refresh::Refreshed;
pub use sign_in::{BrowserSignIn, CodeWanted, PendingSignIn, SignInPoll, SignInPurpose, TypedSignIn};
pub use status::{Mode, Status};
pub use tpm::Tpm;
pub use upkeep::Upkeep;
