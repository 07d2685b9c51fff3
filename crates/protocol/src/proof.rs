//! The proof of possession that a device sends with each request: a signature by its device key over the method, the
//! path, the body and a server nonce.

use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::certificate::KeyId;
use crate::device_key::{DevicePublicKey, DeviceSigner};
use crate::text::{array_from_base64url, to_base64url, to_hex};

/// The request header that contains a [`Proof`].
pub const PROOF_HEADER: &str = "keystead-proof";
/// The response header that contains a fresh nonce.
pub const NONCE_HEADER: &str = "keystead-nonce";
/// The request header that contains a UUID. The server makes a change only once per UUID.
pub const IDEMPOTENCY_HEADER: &str = "idempotency-key";
/// Lifetime of a nonce, milliseconds.
pub const NONCE_LIFETIME_MS: i64 = 120_000;

/// The signed parts of a request.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method, upper case.
    pub method: &'a str,
    /// The path without query, as sent.
    pub path: &'a str,
    /// The body's bytes.
    pub body: &'a [u8],
}

impl Request<'_> {
    fn message(&self, nonce: &str, at: i64) -> Vec<u8> {
        let body = to_hex(&Sha256::digest(self.body));
        format!("LICPROOF1\n{}\n{}\n{body}\n{nonce}\n{at}\n", self.method, self.path).into_bytes()
    }
}

/// A parsed proof. It is not verified yet: see [`Proof::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The id of the device key that signed.
    pub kid: KeyId,
    /// The server's nonce.
    pub nonce: String,
    /// The device's time, Unix seconds; informative.
    pub at: i64,
    algorithm: &'static str,
    signature: [u8; 64],
}

const ALGORITHMS: [&str; 2] = ["Ed25519", "ESP256"];

/// Why a proof was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The header does not have the form `v=1; kid=…; alg=…; nonce=…; ts=…; sig=…`.
    #[error("the proof header is malformed")]
    Malformed,
    /// The algorithm is unknown or does not match the key.
    #[error("the proof's algorithm is not supported")]
    Algorithm,
    /// Another key signed the request.
    #[error("the request was signed by another device key")]
    OtherKey,
    /// The signature is invalid.
    #[error("the proof does not fit the request and the device key")]
    Signature,
}

impl Proof {
    /// Signs `request` with the device key. `nonce` comes from the server, `at` is the device's time in Unix seconds.
    pub fn sign<S: DeviceSigner>(
        signer: &S,
        request: Request<'_>,
        nonce: &str,
        at: i64,
    ) -> Result<Self, S::Error> {
        let signature = signer.sign(&request.message(nonce, at))?;
        let key = signer.public_key();
        Ok(Self { kid: key.id(), nonce: nonce.to_owned(), at, algorithm: key.algorithm(), signature })
    }

    /// Verifies that `key` signed exactly this request.
    pub fn verify(&self, key: &DevicePublicKey, request: Request<'_>) -> Result<(), ProofError> {
        if self.kid != key.id() {
            return Err(ProofError::OtherKey);
        }
        if self.algorithm != key.algorithm() {
            return Err(ProofError::Algorithm);
        }
        key.verify(&request.message(&self.nonce, self.at), &self.signature).map_err(|_| ProofError::Signature)
    }

    /// Encodes the proof as a header value.
    pub fn to_header(&self) -> String {
        format!(
            "v=1; kid={}; alg={}; nonce={}; ts={}; sig={}",
            to_base64url(&self.kid.0),
            self.algorithm,
            self.nonce,
            self.at,
            to_base64url(&self.signature)
        )
    }
}

impl FromStr for Proof {
    type Err = ProofError;

    fn from_str(header: &str) -> Result<Self, ProofError> {
        let mut fields = header.split("; ");
        let mut field = |name: &str| {
            let value = fields.next()?.strip_prefix(name)?.strip_prefix('=')?;
            (!value.is_empty()).then_some(value)
        };
        let malformed = ProofError::Malformed;
        field("v").filter(|version| *version == "1").ok_or(malformed)?;
        let kid = field("kid").and_then(array_from_base64url).map(KeyId).ok_or(malformed)?;
        let named = field("alg").ok_or(malformed)?;
        let algorithm = ALGORITHMS.into_iter().find(|known| *known == named).ok_or(ProofError::Algorithm)?;
        let nonce = field("nonce").ok_or(malformed)?.to_owned();
        let at = field("ts").and_then(|text| text.parse().ok()).ok_or(malformed)?;
        let signature = field("sig").and_then(array_from_base64url).ok_or(malformed)?;
        if fields.next().is_some() {
            return Err(malformed);
        }
        Ok(Self { kid, nonce, at, algorithm, signature })
    }
}
