//! Activation with files, for a device without a network. The device saves a request file and opens
//! the license file that the server returns for it.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use keystead_protocol::Code;
use keystead_protocol::certificate::{DeviceRequest, LicenseFile, Wanted};
use keystead_protocol::device_key::DeviceSigner as _;
use keystead_protocol::text::{array_from_base64url, to_base64url};

use crate::atomic_file::io_error;
use crate::data_dir::ActivationRecord;
use crate::device_key::DeviceKey;
use crate::{Client, Error, entropy, hardware};

const MAX_FILE_BYTES: u64 = 64 * 1024;

impl Client {
    /// Saves a request file for the account page. This device opens only the license file for its
    /// latest request.
    pub fn save_request(&self, file: &Path, device_name: &str) -> Result<(), Error> {
        if self.status()?.state.is_activated() {
            return Err(Code::AlreadyActivated.into());
        }
        let lock = self.data_dir.lock()?;
        let key = self.usable_key(&lock)?;
        let id = entropy::bytes::<16>();
        let wanted = Wanted::Activation {
            name: device_name.to_owned(),
            platform: hardware::platform(),
            app_version: self.options.app_version.clone().unwrap_or_default(),
            fingerprint: self.full_fingerprint(),
        };
        let text = self.sealed_request(id, &key, wanted)?;
        // Store the id before the request file exists.
        let offline = self.data_dir.offline().ok().flatten().unwrap_or_default();
        self.data_dir.store_offline(&offline.with_pending_request(to_base64url(&id)))?;
        write(file, &text)
    }

    /// Opens the license file for this device's latest request. A license file works once.
    pub fn open_license_file(&self, file: &Path) -> Result<(), Error> {
        let refused = |error: &dyn std::fmt::Display| Error::new(Code::LicenseFileRefused, error);
        let license = LicenseFile::parse(&read(file)?).map_err(|error| refused(&error))?;
        let keys: Vec<_> = license.statements.iter().map(|key| to_base64url(key)).collect();
        let token = to_base64url(&license.token);
        let _lock = self.data_dir.lock()?;
        let offline = self.data_dir.offline()?.unwrap_or_default();
        let certificate = self.verify(&token, &keys).map_err(|error| refused(&error))?;
        let claims = certificate.claims();
        let pending = offline.pending_request.as_deref().and_then(array_from_base64url);
        if pending != Some(claims.token_id) {
            return Err(refused(&"it answers a different request"));
        }
        let (activation, license_id) = (claims.activation, claims.license);
        // A license file contains no offline secret, because anyone may read the file. Keep the
        // secret that this device already has for the activation.
        let before =
            self.data_dir.activation().ok().flatten().filter(|before| before.activation == activation);
        let record =
            ActivationRecord::new(activation, license_id, token, keys, to_base64url(&license.ratchet));
        let offline_secret = before.and_then(|before| before.offline_secret);
        self.store_certificate(&certificate, ActivationRecord { offline_secret, ..record })
    }

    /// Deactivates the product and saves a release file. Uploading the file to the account page
    /// frees the seat. After the deactivation, saves the same file again.
    pub fn release_to_file(&self, file: &Path) -> Result<(), Error> {
        let _lock = self.data_dir.lock()?;
        let offline = self.data_dir.offline()?.unwrap_or_default();
        let Some(record) = self.data_dir.activation()? else {
            // A release code, not a file, releases an offline confirmation.
            let text = if offline.is_confirmed() { None } else { offline.release_file };
            return write(file, &text.ok_or(Error::from(Code::NotActivated))?);
        };
        let bytes = |text: &str| array_from_base64url(text).ok_or(Error::from(Code::CertificateInvalid));
        let wanted = Wanted::Release {
            activation: record.activation,
            ratchet: bytes(&record.ratchet)?,
            pending: record.pending.as_deref().map(bytes).transpose()?,
        };
        let text = self.sealed_request(entropy::bytes(), &self.key_of_activation(&record)?, wanted)?;
        // Fail before the deactivation if the file cannot be written.
        write(file, "")?;
        self.data_dir.store_offline(&offline.reset().with_release_file(text.clone()))?;
        self.data_dir.delete_activation()?;
        write(file, &text)
    }

    /// Whether a release file can be saved again.
    pub fn has_release_file(&self) -> Result<bool, Error> {
        let offline = self.data_dir.offline()?.unwrap_or_default();
        Ok(self.data_dir.activation()?.is_none() && !offline.is_confirmed() && offline.release_file.is_some())
    }

    fn sealed_request(&self, id: [u8; 16], key: &DeviceKey, wanted: Wanted) -> Result<String, Error> {
        let request = DeviceRequest {
            id,
            issuer: self.profile.roots.issuer.clone(),
            product: self.profile.product.clone(),
            device_key: key.public_key(),
            wanted,
        };
        request.seal(key)
    }
}

fn write(file: &Path, text: &str) -> Result<(), Error> {
    fs::write(file, text).map_err(|error| io_error(file, &error))
}

fn read(file: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let read = fs::File::open(file).and_then(|file| file.take(MAX_FILE_BYTES).read_to_string(&mut text));
    match read {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(Error::new(Code::LicenseFileRefused, "it is not a text file"))
        }
        Err(error) => Err(io_error(file, &error)),
    }
}
