//! The root keys that an application pins.

use ed25519_dalek::VerifyingKey;

use super::envelope::{Envelope, Purpose};
use super::{CertificateError, KeyId};

/// The vendor's root keys, current and next, as pinned by an application.
#[derive(Debug, Clone)]
pub struct PinnedRoots {
    /// The vendor's short name, the issuer of every certificate.
    pub issuer: String,
    /// One or two root keys.
    pub keys: Vec<VerifyingKey>,
}

impl PinnedRoots {
    /// Verifies an object that one of the roots signed for `purpose`, and returns its payload.
    pub(super) fn open<'a>(
        &self,
        envelope: &'a Envelope,
        purpose: Purpose,
    ) -> Result<&'a [u8], CertificateError> {
        let signer = self.keys.iter().find(|root| KeyId::of(root) == envelope.kid);
        envelope.verify(purpose, signer.ok_or(CertificateError::UnknownKey)?)?;
        Ok(envelope.payload())
    }
}
