//! Activation without a network, with typed codes. The device shows an Installation ID. The owner or support enters
//! the ID on the server's pages and receives a confirmation, which the user types on the device. To release the seat,
//! the device shows a release code.
//!
//! A confirmation is a public-key signature, so the data in a shipped application is not enough to create one.

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
