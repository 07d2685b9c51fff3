//! Keystead's client library. A [`Client`] activates a product on this device, stores its certificate, and reports the product's
//! [`Status`] at any time, without a network.
//!
//! ```no_run
//! # fn main() -> Result<(), keystead::Error> {
//! let profile = keystead::Profile::from_json(include_bytes!("../examples/profile.json"))?;
//! let client = std::sync::Arc::new(keystead::Client::open(profile, keystead::default_folder()?)?);
//! if !client.status()?.state.is_activated() {
//!     client.activate("H7XV7-TFPGT-CQWWX-FF29K-DWY6M", "Desk PC")?;
//! }
//! // Refreshes happen in the background from now on.
//! let _auto_refresh = client.keep_fresh(|status| println!("{}", status.sentence))?;
//! let export = client.status()?.has_feature("export");
//! # Ok(()) }
//! ```

mod account;
mod activate;
mod activation_store;
mod atomic_file;
mod auto_refresh;
mod client;
mod clock;
mod data_dir;
mod default_dirs;
mod details;
mod device;
mod device_key;
mod doctor;
mod entropy;
mod error;
mod fingerprint;
mod floating;
mod hardware;
mod key_ring;
mod lease_extension;
mod link;
mod network;
mod offline;
mod offline_file;
mod options;
mod profile;
mod reactivate;
mod refresh;
pub mod settings;
mod sign_in;
mod status;
mod tpm;
mod verdict;

pub use auto_refresh::AutoRefresh;
pub use client::Client;
pub use data_dir::ReleaseProof;
pub use default_dirs::default_folder;
pub use doctor::{Diagnostics, Finding};
pub use error::Error;
pub use floating::Seat;
pub use hardware::{device_name, platform};
pub use keystead_protocol as protocol;
pub use keystead_protocol::state::State;
pub use link::needs_ownership_sign_in;
pub use network::{Api, Call, Proxy};
pub use offline::OfflineRequest;
pub use options::Options;
pub use profile::Profile;
pub use refresh::RefreshOutcome;
pub use sign_in::{BrowserSignIn, MfaChallenge, PasswordSignIn, PendingSignIn, SignInPoll, SignInPurpose};
pub use status::{Mode, Status};
pub use tpm::Tpm;
