use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, DeviceDescription, DeviceKey};
use keystead_protocol::certificate::{Certificate, CertificateError, KeyRing, UntrustedCertificate};
use keystead_protocol::fingerprint::Fingerprint;
use keystead_protocol::text::{from_base64url, to_base64url};

use crate::clock::Reading;
use crate::files::{Activation, Files};
use crate::{Api, Error, Options, Profile, hardware};

/// Seconds by which the certain time must have moved before it is written again.
const FLOOR_STEP: i64 = 60;

/// One product of one vendor on this device.
pub struct Client {
    pub(crate) profile: Profile,
    pub(crate) api: Api,
    pub(crate) files: Files,
    pub(crate) key: SigningKey,
    pub(crate) options: Options,
}

/// Where activations are kept unless the application chooses a folder: below `%LOCALAPPDATA%` on Windows, `~/Library/Application
/// Support` on macOS, `$XDG_DATA_HOME` or `~/.local/share` elsewhere.
pub fn default_folder() -> Result<PathBuf, Error> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let (set, below_home) = if cfg!(windows) {
        (variable("LOCALAPPDATA"), "AppData/Local")
    } else if cfg!(target_os = "macos") {
        (None, "Library/Application Support")
    } else {
        (variable("XDG_DATA_HOME"), ".local/share")
    };
    let home = || variable(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    let folder = set.or_else(|| Some(home()?.join(below_home)));
    Ok(folder.ok_or(Error::new(Code::StorageFailed, "no home folder is set"))?.join("keystead"))
}

impl Client {
    /// Opens what is kept in `folder`; makes the device key at the first use. Needs no network.
    pub fn open(profile: Profile, folder: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(profile, folder, Options::default())
    }

    /// The same with options.
    pub fn open_with(profile: Profile, folder: impl AsRef<Path>, options: Options) -> Result<Self, Error> {
        let files = Files::open(folder.as_ref(), &profile.roots.issuer, &profile.product)?;
        let key = files.device_key()?;
        let api = Api::new(&*profile.server, &options)?;
        Ok(Self { profile, api, files, key, options })
    }

    /// Where this vendor's files are kept.
    pub fn folder(&self) -> &Path {
        self.files.folder()
    }

    /// The vendor's profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        hardware::probe(&self.profile.salt)
    }

    pub(crate) fn describe(&self, name: &str) -> DeviceDescription {
        let pk = to_base64url(self.key.verifying_key().as_bytes());
        DeviceDescription {
            key: DeviceKey { alg: "Ed25519".into(), pk },
            name: name.to_owned(),
            platform: hardware::platform(),
            fingerprint: self.fingerprint(),
        }
    }

    /// The activation that is kept, or the error that says there is none.
    pub(crate) fn kept(&self) -> Result<Activation, Error> {
        self.files.activation()?.ok_or_else(|| Code::NotActivated.into())
    }

    pub(crate) fn verify(&self, token: &str, keys: &[String]) -> Result<Certificate, CertificateError> {
        let statements: Option<Vec<_>> = keys.iter().map(|text| from_base64url(text)).collect();
        let ring = KeyRing::open(&self.profile.roots, &statements.ok_or(CertificateError::Malformed)?)?;
        let bytes = from_base64url(token).ok_or(CertificateError::Malformed)?;
        UntrustedCertificate::parse(&bytes)?.verify(&ring, &self.profile.product)
    }

    /// Keeps a new certificate once it was verified, and the server's time that it carries.
    pub(crate) fn keep(&self, answer: Activated) -> Result<(), Error> {
        let certificate = self
            .verify(&answer.token, &answer.keys)
            .map_err(|error| Error::new(Code::CertificateInvalid, error))?;
        if certificate.claims().device_key != self.key.verifying_key() {
            return Err(Code::DeviceKeyMissing.into());
        }
        self.files.keep_activation(&Activation {
            activation: answer.activation,
            license: answer.license,
            device: answer.device,
            token: answer.token,
            keys: answer.keys,
            ratchet: answer.ratchet,
            pending: None,
            verdict: None,
            grace_until: None,
        })?;
        self.raise_floor(Some(certificate.claims().issued_at));
        // What was confirmed without a network ends with it, or it would be found again after a deactivation.
        match self.files.offline().ok().flatten() {
            Some(offline) => self.files.keep_offline(&offline.forget()),
            None => Ok(()),
        }
    }

    /// Keeps what time it is for certain; a time that cannot be kept is no reason to fail.
    pub(crate) fn raise_floor(&self, heard: Option<i64>) {
        let known = self.files.floor().ok().flatten();
        let Some(floor) = Reading::take().raise(known.as_ref(), heard) else { return };
        let moved = known.is_none_or(|known| known.boot != floor.boot || floor.at >= known.at + FLOOR_STEP);
        if moved {
            self.files.keep_floor(&floor).ok();
        }
    }
}
