//! Device keys: Ed25519 for keys in a file, P-256 for keys in a TPM (TPMs do not support Ed25519).

use std::convert::Infallible;

use p256::ecdsa::signature::Verifier as _;

use crate::certificate::KeyId;
use crate::fingerprint::KeyProof;
use crate::text::to_base64url;

/// A device's public key. The number of bytes identifies the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DevicePublicKey {
    /// Ed25519 (RFC 8032): the point's 32 bytes.
    Ed25519([u8; 32]),
    /// ECDSA with P-256 and SHA-256: the point's 33 bytes in SEC 1's compressed form.
    P256([u8; 33]),
}

/// The signature does not match, or the key is not a valid point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit the message and the device key")]
pub struct SignatureMismatch;

impl DevicePublicKey {
    /// Parses a key; the number of bytes determines its kind.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes.len() {
            32 => bytes.try_into().ok().map(Self::Ed25519),
            33 => bytes.try_into().ok().map(Self::P256),
            _ => None,
        }
    }

    /// The point's bytes.
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Ed25519(bytes) => bytes,
            Self::P256(bytes) => bytes,
        }
    }

    /// The fully specified name of the algorithm (RFC 9864).
    pub const fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "Ed25519",
            Self::P256(_) => "ESP256",
        }
    }

    /// The JOSE name of the algorithm (RFC 7518, RFC 8037).
    pub const fn jose_algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "EdDSA",
            Self::P256(_) => "ES256",
        }
    }

    /// The key as a JWK in the form required for its thumbprint (RFC 7638); `None` if the bytes are not a valid
    /// point.
    pub fn to_jwk(&self) -> Option<String> {
        match self {
            Self::Ed25519(bytes) => {
                Some(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, to_base64url(bytes)))
            }
            Self::P256(bytes) => {
                let point = p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).ok()?.to_sec1_point(false);
                let (x, y) = (to_base64url(point.x()?), to_base64url(point.y()?));
                Some(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#))
            }
        }
    }

    /// The key's id.
    pub fn id(&self) -> KeyId {
        KeyId::over(self.as_bytes())
    }

    /// How strongly a signature by this key identifies the device. P-256 keys always come from a TPM.
    pub const fn proof(&self) -> KeyProof {
        match self {
            Self::Ed25519(_) => KeyProof::Software,
            Self::P256(_) => KeyProof::Hardware,
        }
    }

    /// Verifies a signature of 64 bytes (Ed25519: R, S; P-256: r, s).
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), SignatureMismatch> {
        let fits = match self {
            Self::Ed25519(bytes) => ed25519_dalek::VerifyingKey::from_bytes(bytes)
                .and_then(|key| key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)))
                .is_ok(),
            Self::P256(bytes) => p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes)
                .and_then(|key| key.verify(message, &p256::ecdsa::Signature::from_slice(signature)?))
                .is_ok(),
        };
        fits.then_some(()).ok_or(SignatureMismatch)
    }
}

/// A signer with a device key.
pub trait DeviceSigner {
    /// Why signing failed. A TPM may fail to sign; a key in a file always signs.
    type Error;

    /// The public key.
    fn public_key(&self) -> DevicePublicKey;

    /// Signs `message`. Returns 64 bytes in the form of [`DevicePublicKey::verify`].
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Self::Error>;
}

impl DeviceSigner for ed25519_dalek::SigningKey {
    type Error = Infallible;

    fn public_key(&self) -> DevicePublicKey {
        DevicePublicKey::Ed25519(self.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Infallible> {
        Ok(ed25519_dalek::Signer::sign(self, message).to_bytes())
    }
}
