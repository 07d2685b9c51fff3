//! Activation by files, where a device has no network but something to carry files with: what it asks is saved, what answers it is opened.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use keystead_protocol::Code;
use keystead_protocol::certificate::{DeviceRequest, LicenseFile, Wanted};
use keystead_protocol::device_key::DeviceSigner as _;
use keystead_protocol::text::{array_from_base64url, to_base64url};

use crate::device_key::DeviceKey;
use crate::files::Activation;
use crate::{Client, Error, entropy, hardware};

/// The most that is read of a file, bytes.
const MAX_FILE: u64 = 64 * 1024;

impl Client {
    /// Saves what this device asks to a file, to be answered at the account page. The latest one counts.
    pub fn save_request(&self, file: &Path, device_name: &str) -> Result<(), Error> {
        if self.status()?.state.is_activated() {
            return Err(Code::AlreadyActivated.into());
        }
        let turn = self.files.lock()?;
        let key = self.usable_key(&turn)?;
        let id = entropy::bytes::<16>();
        let wanted = Wanted::Activation {
            name: device_name.to_owned(),
            platform: hardware::platform(),
            app_version: self.options.app_version.clone().unwrap_or_default(),
            fingerprint: self.whole_fingerprint(),
        };
        let text = self.request(id, &key, wanted)?;
        // Kept before it can be answered.
        let offline = self.files.offline().ok().flatten().unwrap_or_default();
        self.files.keep_offline(&offline.asking(to_base64url(&id)))?;
        write(file, &text)
    }

    /// Opens the file that answers what this device has asked last. It serves once.
    pub fn open_license_file(&self, file: &Path) -> Result<(), Error> {
        let refused = |error: &dyn std::fmt::Display| Error::new(Code::LicenseFileRefused, error);
        let license = LicenseFile::parse(&read(file)?).map_err(|error| refused(&error))?;
        let keys: Vec<_> = license.statements.iter().map(|key| to_base64url(key)).collect();
        let token = to_base64url(&license.token);
        let _turn = self.files.lock()?;
        let offline = self.files.offline()?.unwrap_or_default();
        let certificate = self.verify(&token, &keys).map_err(|error| refused(&error))?;
        let claims = certificate.claims();
        let asked = offline.asked().and_then(array_from_base64url);
        if asked != Some(claims.token_id) {
            return Err(refused(&"it answers another request"));
        }
        let (activation, license_id) = (claims.activation, claims.license);
        // A file brings no secret, because anybody may carry it; what the device has of this activation stays good.
        let before = self.files.activation().ok().flatten().filter(|before| before.activation == activation);
        let kept = Activation::new(activation, license_id, token, keys, to_base64url(&license.ratchet));
        let offline_secret = before.and_then(|before| before.offline_secret);
        self.keep_certificate(&certificate, Activation { offline_secret, ..kept })
    }

    /// Gives the seat back by a file: the product ends here. The file is to be brought to the account page. Where it ended before, the
    /// same file is saved again.
    pub fn release_to_file(&self, file: &Path) -> Result<(), Error> {
        let _turn = self.files.lock()?;
        let offline = self.files.offline()?.unwrap_or_default();
        let Some(kept) = self.files.activation()? else {
            // What was typed is given back by a code.
            let text = if offline.is_confirmed() { None } else { offline.given_back() };
            return write(file, &text.ok_or(Error::from(Code::NotActivated))?);
        };
        let bytes = |text: &str| array_from_base64url(text).ok_or(Error::from(Code::CertificateInvalid));
        let wanted = Wanted::Release {
            activation: kept.activation,
            ratchet: bytes(&kept.ratchet)?,
            pending: kept.pending.as_deref().map(bytes).transpose()?,
        };
        let text = self.request(entropy::bytes(), &self.key_for(&kept)?, wanted)?;
        // That nothing can be saved there shall be known before the product ends.
        write(file, "")?;
        self.files.keep_offline(&offline.forget().giving_back(text.clone()))?;
        self.files.forget_activation()?;
        write(file, &text)
    }

    /// Whether the file of a seat that was given back can be saved again.
    pub fn has_release_file(&self) -> Result<bool, Error> {
        let offline = self.files.offline()?.unwrap_or_default();
        Ok(self.files.activation()?.is_none() && !offline.is_confirmed() && offline.given_back().is_some())
    }

    fn request(&self, id: [u8; 16], key: &DeviceKey, wanted: Wanted) -> Result<String, Error> {
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

fn failed(file: &Path, error: &std::io::Error) -> Error {
    Error::new(Code::StorageFailed, format!("{}: {error}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<(), Error> {
    fs::write(file, text).map_err(|error| failed(file, &error))
}

fn read(file: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let read = fs::File::open(file).and_then(|file| file.take(MAX_FILE).read_to_string(&mut text));
    match read {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(Error::new(Code::LicenseFileRefused, "it is no text"))
        }
        Err(error) => Err(failed(file, &error)),
    }
}
