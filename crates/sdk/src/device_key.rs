//! The device key. It is stored in the TPM if the user may access the TPM, otherwise in a file that
//! only the user can read.

use std::io::ErrorKind;
use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use keystead_protocol::Code;
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner};
use keystead_protocol::text::{array_from_base64url, from_base64url, to_base64url};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::tpm::{self, Connection, KeyBlob, Tpm};
use crate::{Error, entropy};

/// Prefix of a stored TPM key. Only the TPM that created the blob after it can use the blob.
const TPM_KEY: &str = "tpm2:";

pub(crate) enum DeviceKey {
    File(SigningKey),
    Tpm(TpmKey),
}

/// A key that only its TPM can use.
pub(crate) struct TpmKey {
    tpm: Option<PathBuf>,
    blob: KeyBlob,
}

impl DeviceKey {
    /// Creates a key in the TPM, or a file key if the TPM cannot be used.
    pub(crate) fn create(tpm: &Tpm) -> Self {
        let in_tpm = |path: &std::path::Path| -> Result<Self, tpm::Error> {
            let blob = Connection::open(path)?.create_key()?;
            Ok(Self::Tpm(TpmKey { tpm: Some(path.to_owned()), blob }))
        };
        let created = tpm.path().and_then(|path| in_tpm(path).ok());
        created.unwrap_or_else(|| Self::File(SigningKey::from_bytes(&entropy::bytes())))
    }

    /// Reads a key that [`DeviceKey::to_text`] wrote.
    pub(crate) fn from_text(text: &str, tpm: &Tpm) -> Option<Self> {
        match text.strip_prefix(TPM_KEY) {
            Some(blob) => {
                let blob = KeyBlob::from_bytes(&from_base64url(blob)?).ok()?;
                Some(Self::Tpm(TpmKey { tpm: tpm.path().map(PathBuf::from), blob }))
            }
            None => array_from_base64url(text).map(|seed| Self::File(SigningKey::from_bytes(&seed))),
        }
    }

    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::File(key) => to_base64url(key.as_bytes()),
            Self::Tpm(key) => format!("{TPM_KEY}{}", to_base64url(key.blob.as_bytes())),
        })
    }

    /// Whether the key can no longer sign: its TPM was cleared or replaced, or the user may not
    /// access it.
    pub(crate) fn is_lost(&self) -> bool {
        match self {
            Self::File(_) => false,
            Self::Tpm(key) => key.sign(b"").is_err_and(|error| error.is_lasting()),
        }
    }
}

impl DeviceSigner for DeviceKey {
    type Error = Error;

    fn public_key(&self) -> DevicePublicKey {
        match self {
            Self::File(key) => key.public_key(),
            Self::Tpm(key) => DevicePublicKey::P256(key.blob.public_point()),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Error> {
        match self {
            Self::File(key) => Ok(DeviceSigner::sign(key, message).unwrap_or_else(|never| match never {})),
            Self::Tpm(key) => key.sign(message).map_err(|error| {
                let code = if error.is_lasting() { Code::DeviceKeyMissing } else { Code::TpmUnavailable };
                Error::new(code, error)
            }),
        }
    }
}

impl TpmKey {
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], tpm::Error> {
        let path = self.tpm.as_ref().ok_or(std::io::Error::from(ErrorKind::NotFound))?;
        Connection::open(path)?.sign(&self.blob, &Sha256::digest(message).into())
    }
}
