//! The root-signed keyset: the revoked issuing keys. Its sequence number only increases, so an old keyset cannot
//! restore a revoked key.

use ciborium::Value;
use ed25519_dalek::SigningKey;

use super::cbor::{self, Claims};
use super::envelope::{Envelope, Purpose, seal};
use super::{CertificateError, KeyId, PinnedRoots};

const ISSUER: i64 = 1;
const SEQUENCE: i64 = -65606;
const REVOKED: i64 = -65607;

/// The revoked issuing keys of a vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyset {
    /// The vendor's short name.
    pub issuer: String,
    /// Sequence number. The keyset with the highest number applies.
    pub sequence: u64,
    /// Keys whose signatures are all invalid, regardless of the time of signing.
    pub revoked: Vec<KeyId>,
}

impl Keyset {
    /// Signs the keyset with `root`.
    pub fn seal(&self, root: &SigningKey) -> Vec<u8> {
        let revoked = self.revoked.iter().map(|key| Value::Bytes(key.0.to_vec())).collect();
        let payload = Claims::default()
            .with(ISSUER, self.issuer.as_str())
            .with(SEQUENCE, self.sequence)
            .with(REVOKED, Value::Array(revoked))
            .encode();
        seal(Purpose::Keyset, root, payload)
    }

    /// Verifies a keyset signed by one of `roots`.
    pub fn open(bytes: &[u8], roots: &PinnedRoots) -> Result<Self, CertificateError> {
        let envelope = Envelope::parse(bytes)?;
        let mut claims = Claims::decode(roots.open(&envelope, Purpose::Keyset)?)?;
        let revoked = claims.array(REVOKED)?;
        let keyset = Self {
            issuer: claims.text(ISSUER)?,
            sequence: claims.unsigned(SEQUENCE)?,
            revoked: revoked.iter().map(|id| cbor::bytes(id).map(KeyId)).collect::<Result<_, _>>()?,
        };
        if keyset.issuer != roots.issuer {
            return Err(CertificateError::Audience);
        }
        Ok(keyset)
    }
}
