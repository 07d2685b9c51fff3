//! Protection against guessing, replay, forgery and floods.

pub mod attempts;
pub mod bearer;
pub mod breached;
pub mod dpop;
pub mod keyed_digest;
pub mod known_browser;
pub mod nonce;
pub mod origin;
pub mod private_files;
pub mod proof_of_work;
pub mod protected_url;
pub mod rate_limits;
pub mod relying_party;
pub mod sealed_token;
pub mod timing_equalizer;
