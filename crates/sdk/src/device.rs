//! The device's keys and its description for the server.

use keystead_protocol::Code;
use keystead_protocol::api::DeviceDescription;
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner as _};

use crate::data_dir::{ActivationRecord, FolderLock};
use crate::device_key::DeviceKey;
use crate::{Client, Error, hardware};

impl Client {
    /// The stored device key with this public key. Takes no lock, so that a starting program does
    /// not wait for another program's request.
    pub(crate) fn key_by_public(&self, public: &DevicePublicKey) -> Result<DeviceKey, Error> {
        self.data_dir
            .device_key_by_public(public, &self.options.tpm)?
            .ok_or_else(|| Code::DeviceKeyMissing.into())
    }

    /// The key that an activation is bound to.
    pub(crate) fn key_of_activation(&self, record: &ActivationRecord) -> Result<DeviceKey, Error> {
        match self.verify(&record.token, &record.keys) {
            Ok(certificate) => self.key_by_public(&certificate.claims().device_key),
            // The device key of a damaged certificate is unknown. Try the current key.
            Err(_) => {
                self.data_dir.device_key(&self.options.tpm)?.ok_or_else(|| Code::DeviceKeyMissing.into())
            }
        }
    }

    /// The device key for new activations. Creates it on first use, and replaces it if its TPM is
    /// lost.
    pub(crate) fn usable_key(&self, lock: &FolderLock) -> Result<DeviceKey, Error> {
        let stored = self.data_dir.device_key(&self.options.tpm)?;
        let lost = match stored {
            Some(key) if key.is_lost() => Some(key),
            Some(key) => return Ok(key),
            None => None,
        };
        let key = DeviceKey::create(&self.options.tpm);
        self.data_dir.replace_device_key(lock, lost.as_ref(), &key)?;
        Ok(key)
    }

    pub(crate) fn describe(&self, key: &DeviceKey, name: &str) -> DeviceDescription {
        DeviceDescription {
            key: key.public_key().into(),
            name: name.to_owned(),
            platform: hardware::platform(),
            fingerprint: self.full_fingerprint(),
        }
    }
}
