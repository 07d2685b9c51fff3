//! Activation without a network: an installation id goes from the device to its owner or to support, a confirmation comes back,
//! and when the seat is given back a proof of it goes the other way. All of them can be typed.
//!
//! A confirmation is a public-key signature, so nothing that is shipped to customers can make one.

#[cfg(feature = "typed-offline")]
mod confirmation;
mod installation;
mod proof_code;

#[cfg(feature = "typed-offline")]
pub use confirmation::{Confirmation, ConfirmationError, ConfirmationKey, ConfirmationVerifier, Grant};
pub use installation::{Commitment, InstallationId, Prolongation};
pub use proof_code::{OfflineSecret, PROLONGATIONS, PROLONGED_DAYS, ReleaseCode, ShortConfirmation};

fn first_80_bits(digest: &[u8]) -> u128 {
    digest.iter().take(10).fold(0, |bits, &byte| bits << 8 | u128::from(byte))
}
