use std::path::{Path, PathBuf};

use keystead_protocol::Code;
use keystead_protocol::api::{Activated, DeviceDescription};
use keystead_protocol::certificate::{Certificate, CertificateError, UntrustedCertificate};
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner as _};
use keystead_protocol::text::from_base64url;

use crate::clock::Reading;
use crate::device_key::DeviceKey;
use crate::files::{Activation, Files, Turn};
use crate::offline::Offline;
use crate::{Api, Error, Options, Profile, Proxy, hardware};

/// One product of one vendor on this device.
pub struct Client {
    pub(crate) profile: Profile,
    pub(crate) api: Api,
    pub(crate) files: Files,
    pub(crate) options: Options,
}

/// Where activations are kept unless the application chooses a folder: below `%LOCALAPPDATA%` on Windows, `~/Library/Application
/// Support` on macOS, `$XDG_DATA_HOME` or `~/.local/share` elsewhere.
pub fn default_folder() -> Result<PathBuf, Error> {
    let folder = if cfg!(windows) {
        user_folder(Some("LOCALAPPDATA"), "AppData/Local")
    } else if cfg!(target_os = "macos") {
        user_folder(None, "Library/Application Support")
    } else {
        user_folder(Some("XDG_DATA_HOME"), ".local/share")
    };
    Ok(folder.ok_or(Error::new(Code::StorageFailed, "no home folder is set"))?.join("keystead"))
}

/// Where the second copies of many folders are kept.
fn default_second_folder() -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        user_folder(Some("APPDATA"), "AppData/Roaming")
    } else if cfg!(target_os = "macos") {
        user_folder(None, "Library/Preferences")
    } else {
        user_folder(Some("XDG_STATE_HOME"), ".local/state")
    };
    Some(folder?.join("keystead"))
}

/// What the environment variable says, or else a folder below the user's home.
fn user_folder(variable: Option<&str>, below_home: &str) -> Option<PathBuf> {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || absolute(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    variable.and_then(absolute).or_else(|| Some(home()?.join(below_home)))
}

impl Client {
    /// Opens what is kept in `folder`. Needs no network.
    pub fn open(profile: Profile, folder: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(profile, folder, Options::default())
    }

    /// The same with options.
    pub fn open_with(profile: Profile, folder: impl AsRef<Path>, options: Options) -> Result<Self, Error> {
        let second = options.second_folder.clone().or_else(default_second_folder);
        let files = Files::open(folder.as_ref(), second.as_deref(), &profile.roots.issuer, &profile.product)?;
        files.device_key(&options.tpm)?;
        let api = Api::new(&*profile.server, &options)?;
        let client = Self { profile, api, files, options };
        if let chosen @ (Proxy::Direct | Proxy::Address(_)) = client.proxy() {
            // One that this build cannot go by is none.
            client.api.go_by(&client.options, &chosen).ok();
        }
        Ok(client)
    }

    /// By which proxy requests leave this network: the application's, else the one that the user chose.
    pub fn proxy(&self) -> Proxy {
        match &self.options.proxy {
            // A choice that cannot be read is none.
            Proxy::System => self.files.proxy().ok().flatten().unwrap_or_default(),
            by_application => by_application.clone(),
        }
    }

    /// What the user chose, for all of this vendor's products on this device, from now on.
    pub fn choose_proxy(&self, proxy: &Proxy) -> Result<(), Error> {
        self.api.go_by(&self.options, proxy)?;
        self.files.keep_proxy(proxy)
    }

    /// Where this vendor's files are kept.
    pub fn folder(&self) -> &Path {
        self.files.folder()
    }

    /// The vendor's profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The key with that public half. Read without waiting for anybody: whoever starts must not wait for another's exchange.
    pub(crate) fn key_of(&self, public: &DevicePublicKey) -> Result<DeviceKey, Error> {
        self.files.device_key_of(public, &self.options.tpm)?.ok_or_else(|| Code::DeviceKeyMissing.into())
    }

    /// The key that an activation is bound to.
    pub(crate) fn key_for(&self, kept: &Activation) -> Result<DeviceKey, Error> {
        match self.verify(&kept.token, &kept.keys) {
            Ok(certificate) => self.key_of(&certificate.claims().device_key),
            // A damaged certificate says nothing; the activation can still be refreshed and given back.
            Err(_) => self.files.device_key(&self.options.tpm)?.ok_or_else(|| Code::DeviceKeyMissing.into()),
        }
    }

    /// The key for what is activated from now on: made at the first use, and another one where the TPM that kept it is lost.
    pub(crate) fn usable_key(&self, turn: &Turn) -> Result<DeviceKey, Error> {
        let kept = self.files.device_key(&self.options.tpm)?;
        let lost = match kept {
            Some(key) if key.is_lost() => Some(key),
            Some(key) => return Ok(key),
            None => None,
        };
        let key = DeviceKey::make(&self.options.tpm);
        self.files.replace_device_key(turn, lost.as_ref(), &key)?;
        Ok(key)
    }

    pub(crate) fn describe(&self, key: &DeviceKey, name: &str) -> DeviceDescription {
        DeviceDescription {
            key: key.public_key().into(),
            name: name.to_owned(),
            platform: hardware::platform(),
            fingerprint: self.whole_fingerprint(),
        }
    }

    /// The activation that is kept, or the error that says there is none.
    pub(crate) fn kept(&self) -> Result<Activation, Error> {
        self.files.activation()?.ok_or_else(|| Code::NotActivated.into())
    }

    pub(crate) fn verify(&self, token: &str, keys: &[String]) -> Result<Certificate, CertificateError> {
        let ring = self.key_ring(keys)?;
        let bytes = from_base64url(token).ok_or(CertificateError::Malformed)?;
        UntrustedCertificate::parse(&bytes)?.verify(&ring, &self.profile.product)
    }

    /// Keeps a new certificate once it was verified, and the server's time that it carries.
    pub(crate) fn keep(&self, answer: Activated) -> Result<(), Error> {
        let (certificate, activation) = self.verified(answer)?;
        self.keep_certificate(&certificate, activation)
    }

    /// The same of the activation that a confirmation without a network became: of that nothing is to be proven any more.
    pub(crate) fn keep_opened(&self, answer: Activated) -> Result<(), Error> {
        let (certificate, activation) = self.verified(answer)?;
        self.replace_activation(&certificate, activation, Offline::forget)
    }

    /// The same of any other certificate that was verified.
    pub(crate) fn keep_certificate(
        &self,
        certificate: &Certificate,
        activation: Activation,
    ) -> Result<(), Error> {
        self.replace_activation(certificate, activation, |offline| self.end_or_forget(offline))
    }

    fn verified(&self, answer: Activated) -> Result<(Certificate, Activation), Error> {
        let certificate = self
            .verify(&answer.token, &answer.keys)
            .map_err(|error| Error::new(Code::CertificateInvalid, error))?;
        let Activated { activation, license, token, keys, ratchet, offline_secret, .. } = answer;
        let earlier =
            self.files.activation().ok().flatten().filter(|earlier| earlier.activation == activation);
        let product_key_digest = earlier.and_then(|earlier| earlier.product_key_digest);
        let new = Activation::new(activation, license, token, keys, ratchet);
        Ok((certificate, Activation { offline_secret, product_key_digest, ..new }))
    }

    /// What was confirmed or asked for without a network ends with a certificate, or it would be found again after a deactivation.
    fn replace_activation(
        &self,
        certificate: &Certificate,
        activation: Activation,
        left: impl FnOnce(Offline) -> Offline,
    ) -> Result<(), Error> {
        self.key_of(&certificate.claims().device_key)?;
        self.files.keep_activation(&activation)?;
        self.raise_floor(Some(certificate.claims().issued_at));
        match self.files.offline().ok().flatten() {
            Some(offline) => self.files.keep_offline(&left(offline)),
            None => Ok(()),
        }
    }

    /// Keeps what time it is for certain; a time that cannot be kept is no reason to fail.
    pub(crate) fn raise_floor(&self, heard: Option<i64>) {
        let known = self.files.floor().ok().flatten();
        let Some(floor) = Reading::take().raise(known.as_ref(), heard) else { return };
        if known.is_none_or(|known| floor.is_worth_keeping(&known)) {
            self.files.keep_floor(&floor).ok();
        }
    }
}
