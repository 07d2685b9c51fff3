//! The COSE_Sign1 envelope of all signed objects.

use coset::{
    CborSerializable as _, CoseSign1, CoseSign1Builder, Header, HeaderBuilder, RegisteredLabelWithPrivate,
    iana,
};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};

use super::CertificateError;
use super::key_id::KeyId;
use crate::device_key::{DevicePublicKey, DeviceSigner};

/// Maximum payload size, bytes.
pub const MAX_PAYLOAD: usize = 16 * 1024;
const MAX_OBJECT: usize = MAX_PAYLOAD + 128;

/// The purpose of a signature. An object is rejected under any other purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A root's statement about an issuing key.
    Key,
    /// A root's keyset.
    Keyset,
    /// A license certificate.
    License,
    /// The server's time.
    Time,
    /// The response to a validation request of the vendor's backend.
    Validation,
    /// A device's request file.
    Request,
}

impl Purpose {
    /// The external data that the signature covers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Purpose::Key => "lic/key/v1",
            Purpose::Keyset => "lic/keyset/v1",
            Purpose::License => "lic/licence/v1",
            Purpose::Time => "lic/time/v1",
            Purpose::Validation => "lic/validation/v1",
            Purpose::Request => "lic/request/v1",
        }
    }

    /// The purpose named in a key statement.
    pub(super) fn from_use(name: &str) -> Option<Self> {
        [Purpose::License, Purpose::Time, Purpose::Validation].into_iter().find(|p| p.as_use() == name)
    }

    /// The purpose's name in key statements.
    pub(super) const fn as_use(self) -> &'static str {
        match self {
            Purpose::Key => "key",
            Purpose::Keyset => "set",
            Purpose::License => "lic",
            Purpose::Time => "time",
            Purpose::Validation => "val",
            Purpose::Request => "req",
        }
    }
}

/// Signs `payload` for `purpose` and returns the complete object.
pub fn seal(purpose: Purpose, key: &SigningKey, payload: Vec<u8>) -> Vec<u8> {
    let kid = KeyId::of(&key.verifying_key());
    CoseSign1Builder::new()
        .protected(protected_header(kid, iana::Algorithm::Ed25519))
        .payload(payload)
        .create_signature(purpose.as_str().as_bytes(), |message| {
            ed25519_dalek::Signer::sign(key, message).to_bytes().to_vec()
        })
        .build()
        .to_vec()
        .expect("a sealed object can be written")
}

/// Signs `payload` with a device key, which is Ed25519 or P-256.
pub(super) fn seal_by_device<S: DeviceSigner>(
    purpose: Purpose,
    signer: &S,
    payload: Vec<u8>,
) -> Result<Vec<u8>, S::Error> {
    let key = signer.public_key();
    let sign = |message: &[u8]| signer.sign(message).map(|signature| signature.to_vec());
    let object = CoseSign1Builder::new()
        .protected(protected_header(key.id(), cose_algorithm(&key)))
        .payload(payload)
        .try_create_signature(purpose.as_str().as_bytes(), sign)?
        .build();
    Ok(object.to_vec().expect("a sealed object can be written"))
}

fn protected_header(kid: KeyId, algorithm: iana::Algorithm) -> Header {
    HeaderBuilder::new().algorithm(algorithm).key_id(kid.0.to_vec()).build()
}

const fn cose_algorithm(key: &DevicePublicKey) -> iana::Algorithm {
    match key {
        DevicePublicKey::Ed25519(_) => iana::Algorithm::Ed25519,
        DevicePublicKey::P256(_) => iana::Algorithm::ESP256,
    }
}

/// A well-formed object whose signature is not verified yet.
pub(super) struct Envelope {
    pub(super) kid: KeyId,
    object: CoseSign1,
}

impl Envelope {
    /// Parses an object of the fixed profile.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, CertificateError> {
        Self::parse_of(bytes, iana::Algorithm::Ed25519)
    }

    fn parse_of(bytes: &[u8], algorithm: iana::Algorithm) -> Result<Self, CertificateError> {
        use CertificateError::{Malformed, TooLarge};
        if bytes.len() > MAX_OBJECT {
            return Err(TooLarge);
        }
        let object = CoseSign1::from_slice(bytes).map_err(|_| Malformed)?;
        let kid = KeyId(object.protected.header.key_id.as_slice().try_into().map_err(|_| Malformed)?);
        let payload_fits = object.payload.as_ref().is_some_and(|payload| payload.len() <= MAX_PAYLOAD);
        let fixed_header = protected_header(kid, algorithm).to_vec().ok();
        let fixed_header = fixed_header.is_some() && object.protected.original_data == fixed_header;
        if !payload_fits || !fixed_header || !object.unprotected.is_empty() {
            return Err(Malformed);
        }
        if object.clone().to_vec().ok().as_deref() != Some(bytes) {
            return Err(Malformed);
        }
        Ok(Self { kid, object })
    }

    /// Verifies an object signed by a device. `key` finds the device key in the payload.
    pub(super) fn open_by_device(
        bytes: &[u8],
        purpose: Purpose,
        key: impl Fn(&[u8]) -> Result<DevicePublicKey, CertificateError>,
    ) -> Result<Self, CertificateError> {
        let envelope = Self::parse_of(bytes, iana::Algorithm::Ed25519)
            .or_else(|_| Self::parse_of(bytes, iana::Algorithm::ESP256))?;
        let key = key(envelope.payload())?;
        let fits = envelope.object.protected.header.alg
            == Some(RegisteredLabelWithPrivate::Assigned(cose_algorithm(&key)));
        if envelope.kid != key.id() || !fits {
            return Err(CertificateError::UnknownKey);
        }
        envelope.object.verify_signature(purpose.as_str().as_bytes(), |signature, message| {
            let signature = signature.try_into().map_err(|_| CertificateError::Malformed)?;
            key.verify(message, signature).map_err(|_| CertificateError::Signature)
        })?;
        Ok(envelope)
    }

    pub(super) fn payload(&self) -> &[u8] {
        self.object.payload.as_deref().unwrap_or_default()
    }

    pub(super) fn verify(&self, purpose: Purpose, key: &VerifyingKey) -> Result<(), CertificateError> {
        if self.kid != KeyId::of(key) {
            return Err(CertificateError::UnknownKey);
        }
        self.object.verify_signature(purpose.as_str().as_bytes(), |signature, message| {
            let signature = Signature::from_slice(signature).map_err(|_| CertificateError::Malformed)?;
            key.verify_strict(message, &signature).map_err(|_| CertificateError::Signature)
        })
    }
}
