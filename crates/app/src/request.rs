//! A request in the form that use cases need, and the check of its device signature.

use std::net::IpAddr;
use std::str::FromStr;

use bytes::Bytes;
use keystead_protocol::Code;
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::proof::{self, Proof, ProofError};

use crate::context::Shared;
use crate::entropy;
use crate::error::AppError;
use crate::security::nonce;

/// The `Idempotency-Key` of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyKey(uuid::Uuid);

impl IdempotencyKey {
    /// A new key, for a form's hidden field.
    pub fn fresh() -> String {
        uuid::Builder::from_random_bytes(entropy::bytes()).into_uuid().to_string()
    }
}

impl IdempotencyKey {
    /// The 16 bytes of the UUID.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl FromStr for IdempotencyKey {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// A received request: input for idempotency, device proofs and rate limits.
#[derive(Debug, Clone)]
pub struct SignedRequest {
    /// The method, upper case.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The body.
    pub body: Bytes,
    /// The value of the proof header, if present.
    pub proof: Option<String>,
    /// The client's idempotency key. Without it, a repeated request makes the change again.
    pub idempotency_key: Option<IdempotencyKey>,
    /// The client's address.
    pub from: IpAddr,
}

/// A device key whose possession was proven.
pub struct DeviceProof {
    /// The key. Certificates are issued for this key only.
    pub key: DevicePublicKey,
    /// The nonce that the proof used.
    pub nonce: String,
}

impl SignedRequest {
    /// Checks that the device with `key` signed this request over a fresh nonce of this server.
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

    /// Sets the body, which is received after the head.
    pub fn with_body(self, body: Bytes) -> Self {
        Self { body, ..self }
    }

    /// Whether the request has a proof header.
    pub fn is_signed(&self) -> bool {
        self.proof.is_some()
    }
}

#[cfg(test)]
mod tests {
    use keystead_protocol::proof::NONCE_LIFETIME_MS;

    use super::*;
    use crate::testing::{Device, on_both, refusal};

    #[test]
    fn proof_covers_the_request_for_two_minutes() {
        on_both(async |world| {
            let device = Device::new(1);
            let (request, key) = (world.signed(&device), device.public_key());
            request.verify(&world.app, key).unwrap();
            world.pass(NONCE_LIFETIME_MS + 1).await;
            assert_eq!(refusal(request.verify(&world.app, key)), Code::NonceStale);
        });
    }

    #[test]
    fn proof_that_does_not_fit_is_refused() {
        on_both(async |world| {
            let (app, device) = (&world.app, Device::new(1));
            let (request, key) = (world.signed(&device), device.public_key());
            assert_eq!(refusal(world.request().verify(app, key)), Code::ProofMissing);
            let other = Device::new(2).public_key();
            assert_eq!(refusal(request.verify(app, other)), Code::DifferentDevice);
            let garbled = SignedRequest { proof: Some("v=1".to_owned()), ..request.clone() };
            assert_eq!(refusal(garbled.verify(app, key)), Code::ProofRefused);
            let changed = request.with_body(Bytes::from_static(b"another body"));
            assert_eq!(refusal(changed.verify(app, key)), Code::ProofRefused);
        });
    }
}
