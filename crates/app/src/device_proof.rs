//! A device's signature over a request.

use bytes::Bytes;
use keystead_protocol::Code;
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::proof::{self, Proof, ProofError};

use crate::context::Shared;
use crate::error::AppError;
use crate::security::nonce;

/// A request as it arrived: what idempotency compares and a device's proof covers.
#[derive(Debug, Clone)]
pub struct SignedRequest {
    /// The method, upper case.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The body.
    pub body: Bytes,
    /// The proof header's value, if there is one.
    pub proof: Option<String>,
}

/// A device key whose possession was proven.
pub struct DeviceProof {
    /// The key; certificates are issued to no other.
    pub key: DevicePublicKey,
    /// The nonce that the proof used.
    pub nonce: String,
}

impl SignedRequest {
    /// Checks that the device with `key` signed this request over a fresh nonce of this server's.
    ///
    /// # Errors
    /// [`Code::ProofMissing`], [`Code::ProofRefused`], [`Code::DifferentDevice`], [`Code::NonceStale`]
    pub fn verify(&self, app: &Shared, key: DevicePublicKey) -> Result<DeviceProof, AppError> {
        let proof: Proof = self
            .proof
            .as_deref()
            .ok_or(AppError::from(Code::ProofMissing))?
            .parse()
            .map_err(|error| AppError::with_detail(Code::ProofRefused, error))?;
        let request = proof::Request { method: &self.method, path: &self.path, body: &self.body };
        proof.verify(&key, request).map_err(|error| match error {
            ProofError::OtherKey => Code::DifferentDevice.into(),
            error => AppError::with_detail(Code::ProofRefused, error),
        })?;
        if !nonce::is_fresh(&app.keys.nonces(), &proof.nonce, app.now()) {
            return Err(Code::NonceStale.into());
        }
        Ok(DeviceProof { key, nonce: proof.nonce })
    }

    /// The same request with the body that was read since.
    pub fn with_body(self, body: Bytes) -> Self {
        Self { body, ..self }
    }

    /// Whether the request carries a proof.
    pub fn is_signed(&self) -> bool {
        self.proof.is_some()
    }
}
