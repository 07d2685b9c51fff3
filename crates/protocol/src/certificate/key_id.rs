//! Key ids in signed objects.

use ed25519_dalek::VerifyingKey;
use sha2::{Digest as _, Sha256};

use crate::text::{from_hex, to_hex};

/// A key's id: the first eight bytes of SHA-256 over the label `lic/kid/v1\0` and the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    /// The id of an issuing key.
    pub fn of(key: &VerifyingKey) -> Self {
        Self::over(key.as_bytes())
    }

    /// The id in hexadecimal.
    pub fn to_hex(self) -> String {
        to_hex(&self.0)
    }

    /// Parses an id in hexadecimal.
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text)?.try_into().ok().map(Self)
    }

    /// The id of a public key with these bytes.
    pub(crate) fn over(key: &[u8]) -> Self {
        let digest = Sha256::new().chain_update(b"lic/kid/v1\0").chain_update(key).finalize();
        Self(digest[..8].try_into().expect("SHA-256 has 32 bytes"))
    }
}
