//! The server's time, signed together with a nonce of the client.

use ed25519_dalek::SigningKey;

use super::cbor::Claims;
use super::envelope::{Envelope, Purpose, seal};
use super::{CertificateError, KeyRing};

const ISSUER: i64 = 1;
const ISSUED_AT: i64 = 6;
const NONCE: i64 = 10;

/// A server's signed statement of the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerTime {
    /// Unix seconds.
    pub at: i64,
}

impl ServerTime {
    /// Signs `at` (Unix seconds) and the client's 16-byte nonce.
    pub fn seal(issuer: &str, at: i64, nonce: &[u8; 16], key: &SigningKey) -> Vec<u8> {
        let payload =
            Claims::default().with(ISSUER, issuer).with(ISSUED_AT, at).with(NONCE, nonce.as_slice()).encode();
        seal(Purpose::Time, key, payload)
    }

    /// Verifies a time statement for this client's `nonce`.
    pub fn open(bytes: &[u8], nonce: &[u8; 16], ring: &KeyRing) -> Result<Self, CertificateError> {
        let envelope = Envelope::parse(bytes)?;
        let mut claims = Claims::decode(envelope.payload())?;
        let at = claims.integer(ISSUED_AT)?;
        ring.verify(&envelope, Purpose::Time, None, at)?;
        if claims.text(ISSUER)? != ring.issuer() || claims.bytes::<16>(NONCE)? != *nonce {
            return Err(CertificateError::Audience);
        }
        Ok(Self { at })
    }
}
