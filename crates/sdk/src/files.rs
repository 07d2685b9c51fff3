//! What is kept on this device: the device key, an activation per product, the sign-in. Files are replaced whole, and
//! secrets are readable by their owner only. What a state follows from is sealed and kept in two places.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use keystead_protocol::Code;
use keystead_protocol::api::{AccountView, ActivationDetails};
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner as _};
use keystead_protocol::id::{ActivationId, LicenseId};
use keystead_protocol::text::{to_base64url, to_hex};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::clock::Floor;
use crate::device_key::DeviceKey;
use crate::fingerprint::TpmSeen;
use crate::offline::Offline;
use crate::prolong::Prolonged;
use crate::sealed::Sealed;
use crate::{Error, Proxy, Tpm, entropy};

const DEVICE_KEY: &str = "device.key";
const KEYSET: &str = "keyset.json";
const TPM_SEEN: &str = "tpm.json";
const CLOCK: &str = "clock.json";

/// An activation as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Activation {
    pub(crate) activation: ActivationId,
    pub(crate) license: LicenseId,
    pub(crate) token: String,
    pub(crate) keys: Vec<String>,
    pub(crate) ratchet: String,
    /// The random half of the next refresh, kept before it is sent.
    #[serde(default)]
    pub(crate) pending: Option<String>,
    /// What the server last said, if it was a "no" that lasts.
    #[serde(default)]
    pub(crate) verdict: Option<String>,
    /// Until when the product goes on after a hardware change, UTC milliseconds.
    #[serde(default)]
    pub(crate) grace_until: Option<i64>,
    /// By which its term can be prolonged without a network.
    #[serde(default)]
    pub(crate) offline_secret: Option<String>,
    /// What was granted that way since the certificate.
    #[serde(default)]
    pub(crate) prolonged: Option<Prolonged>,
    /// SHA-256 of the product key that it was activated with, base64url; none if it was activated by a sign-in.
    #[serde(default)]
    pub(crate) product_key_digest: Option<String>,
}

impl Activation {
    /// One about which the server has not said anything yet.
    pub(crate) fn new(
        activation: ActivationId,
        license: LicenseId,
        token: String,
        keys: Vec<String>,
        ratchet: String,
    ) -> Self {
        Self {
            activation,
            license,
            token,
            keys,
            ratchet,
            pending: None,
            verdict: None,
            grace_until: None,
            offline_secret: None,
            prolonged: None,
            product_key_digest: None,
        }
    }
}

/// The tokens of a sign-in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignIn {
    /// The public half of the device key that they are bound to, base64url.
    pub(crate) key: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

/// A turn with the vendor's folder; it ends when this is dropped.
pub(crate) struct Turn {
    _file: File,
}

/// The folder of one vendor, and a second place for what a state follows from.
pub(crate) struct Files {
    folder: PathBuf,
    second: Option<PathBuf>,
    product: String,
}

impl Files {
    /// `second` is where many folders have their second place.
    pub(crate) fn open(
        folder: &Path,
        second: Option<&Path>,
        issuer: &str,
        product: &str,
    ) -> Result<Self, Error> {
        let folder = folder.join(issuer);
        make_private_folder(&folder).map_err(|error| failed(&folder, &error))?;
        let path = fs::canonicalize(&folder).unwrap_or_else(|_| folder.clone());
        let name = to_hex(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..16]);
        // Without it the folder is the only place.
        let second = second.map(|second| second.join(name)).filter(|path| make_private_folder(path).is_ok());
        Ok(Self { folder, second, product: product.to_owned() })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps other threads and processes out while something is read, sent and kept. Waits for its turn.
    pub(crate) fn lock(&self) -> Result<Turn, Error> {
        let path = self.folder.join("lock");
        let locked = || {
            let file = create_private(&path)?;
            file.lock().map(|()| Turn { _file: file })
        };
        locked().map_err(|error| failed(&path, &error))
    }

    /// A turn if nobody has one at the moment.
    pub(crate) fn try_lock(&self) -> Option<Turn> {
        let file = create_private(&self.folder.join("lock")).ok()?;
        file.try_lock().ok().map(|()| Turn { _file: file })
    }

    /// The device key, which `tpm` may be needed for. A damaged one is an error: replacing it would lose the device.
    pub(crate) fn device_key(&self, tpm: &Tpm) -> Result<Option<DeviceKey>, Error> {
        self.key_in(DEVICE_KEY, tpm)
    }

    /// The key with that public half: the one in use, or one from before.
    pub(crate) fn device_key_of(
        &self,
        public: &DevicePublicKey,
        tpm: &Tpm,
    ) -> Result<Option<DeviceKey>, Error> {
        match self.device_key(tpm)? {
            Some(key) if key.public_key() == *public => Ok(Some(key)),
            _ => self.key_in(&former_key(public), tpm),
        }
    }

    fn key_in(&self, name: &str, tpm: &Tpm) -> Result<Option<DeviceKey>, Error> {
        let path = self.folder.join(name);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&path, &error)),
        };
        let damaged = || Error::new(Code::StorageFailed, format!("{} is damaged", path.display()));
        DeviceKey::from_text(text.trim(), tpm).map(Some).ok_or_else(damaged)
    }

    /// Uses another key from now on. The one before stays for what was activated with it.
    pub(crate) fn replace_device_key(
        &self,
        _: &Turn,
        before: Option<&DeviceKey>,
        key: &DeviceKey,
    ) -> Result<(), Error> {
        if let Some(before) = before {
            self.write(&former_key(&before.public_key()), before.to_text().as_bytes())?;
        }
        self.write(DEVICE_KEY, key.to_text().as_bytes())
    }

    /// The proxy that the user chose.
    pub(crate) fn proxy(&self) -> Result<Option<Proxy>, Error> {
        self.read("proxy.json")
    }

    pub(crate) fn keep_proxy(&self, proxy: &Proxy) -> Result<(), Error> {
        match proxy {
            Proxy::System => self.remove("proxy.json"),
            chosen => self.write_json("proxy.json", chosen),
        }
    }

    pub(crate) fn tpm_seen(&self) -> Result<Option<TpmSeen>, Error> {
        self.read_sealed([&*self.folder], TPM_SEEN)
    }

    pub(crate) fn keep_tpm_seen(&self, seen: &TpmSeen) -> Result<(), Error> {
        let sealed = self.seal(TPM_SEEN, 0, seen)?;
        self.write_json(TPM_SEEN, &sealed)
    }

    pub(crate) fn activation(&self) -> Result<Option<Activation>, Error> {
        self.read_sealed(self.places(), &self.activation_file())
    }

    pub(crate) fn keep_activation(&self, activation: &Activation) -> Result<(), Error> {
        self.write_sealed(&self.activation_file(), activation)
    }

    pub(crate) fn forget_activation(&self) -> Result<(), Error> {
        self.remove(&self.details_file())?;
        // What is left says that it was removed; without it an older copy would be as good as new.
        self.write_sealed(&self.activation_file(), &None::<Activation>)
    }

    /// What the server last told of the license, for showing it without a network.
    pub(crate) fn details(&self) -> Result<Option<ActivationDetails>, Error> {
        self.read(&self.details_file())
    }

    pub(crate) fn keep_details(&self, details: &ActivationDetails) -> Result<(), Error> {
        self.write_json(&self.details_file(), details)
    }

    pub(crate) fn offline(&self) -> Result<Option<Offline>, Error> {
        self.read_sealed(self.places(), &self.offline_file())
    }

    pub(crate) fn keep_offline(&self, offline: &Offline) -> Result<(), Error> {
        self.write_sealed(&self.offline_file(), offline)
    }

    fn offline_file(&self) -> String {
        format!("{}.offline.json", self.product)
    }

    pub(crate) fn account(&self) -> Result<Option<AccountView>, Error> {
        self.read("account.json")
    }

    pub(crate) fn keep_account(&self, account: &AccountView) -> Result<(), Error> {
        self.write_json("account.json", account)
    }

    fn details_file(&self) -> String {
        format!("{}.details.json", self.product)
    }

    fn activation_file(&self) -> String {
        format!("{}.activation.json", self.product)
    }

    pub(crate) fn sign_in(&self) -> Result<Option<SignIn>, Error> {
        self.read("sign-in.json")
    }

    pub(crate) fn keep_sign_in(&self, sign_in: &SignIn) -> Result<(), Error> {
        self.write_json("sign-in.json", sign_in)
    }

    pub(crate) fn forget_sign_in(&self) -> Result<(), Error> {
        self.remove("account.json")?;
        self.remove("sign-in.json")
    }

    /// The newest keyset that was received, as base64url, once for each place.
    pub(crate) fn keysets(&self) -> Vec<Option<String>> {
        self.places().map(|place| read_json(place, KEYSET).ok().flatten()).collect()
    }

    pub(crate) fn keep_keyset(&self, keyset: &[u8]) -> Result<(), Error> {
        let json = to_json(&to_base64url(keyset))?;
        self.write_everywhere(KEYSET, &json)
    }

    pub(crate) fn floor(&self) -> Result<Option<Floor>, Error> {
        self.read_sealed(self.places(), CLOCK)
    }

    pub(crate) fn keep_floor(&self, floor: &Floor) -> Result<(), Error> {
        self.write_sealed(CLOCK, floor)
    }

    fn places(&self) -> impl Iterator<Item = &Path> {
        [Some(&*self.folder), self.second.as_deref()].into_iter().flatten()
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        read_json(&self.folder, name)
    }

    /// The newest of what is sealed in `places`; what is void in one of them does not count.
    fn read_sealed<'a, T: DeserializeOwned>(
        &self,
        places: impl IntoIterator<Item = &'a Path>,
        name: &str,
    ) -> Result<Option<T>, Error> {
        let Some(sealed) = self.newest(places, name)? else { return Ok(None) };
        serde_json::from_value(sealed.value).map_err(|_| damaged(&self.folder.join(name)))
    }

    fn newest<'a>(
        &self,
        places: impl IntoIterator<Item = &'a Path>,
        name: &str,
    ) -> Result<Option<Sealed>, Error> {
        let (mut newest, mut fault) = (None::<Sealed>, None);
        for place in places {
            match self.unseal(place, name) {
                Ok(Some(sealed))
                    if newest.as_ref().is_none_or(|before| before.revision < sealed.revision) =>
                {
                    newest = Some(sealed);
                }
                Ok(_) => {}
                Err(error) => fault = Some(error),
            }
        }
        match (newest, fault) {
            (None, Some(error)) => Err(error),
            (newest, _) => Ok(newest),
        }
    }

    fn unseal(&self, place: &Path, name: &str) -> Result<Option<Sealed>, Error> {
        let Some(sealed) = read_json::<Sealed>(place, name)? else { return Ok(None) };
        let in_use = self.key_in(DEVICE_KEY, &Tpm::Unused).ok().flatten();
        let by = |key: &DeviceKey| to_hex(&key.public_key().id().0) == sealed.key;
        let former = || self.key_in(&former_key_of(&sealed.key), &Tpm::Unused).ok().flatten().filter(by);
        let key = in_use.filter(by).or_else(former).ok_or(Error::from(Code::DeviceKeyMissing))?;
        if sealed.is_sealed_by(name, &key) { Ok(Some(sealed)) } else { Err(damaged(&place.join(name))) }
    }

    fn seal(&self, name: &str, revision: u64, value: &impl Serialize) -> Result<Sealed, Error> {
        let key = self.key_in(DEVICE_KEY, &Tpm::Unused)?.ok_or(Error::from(Code::DeviceKeyMissing))?;
        let value = serde_json::to_value(value).map_err(|error| Error::new(Code::StorageFailed, error))?;
        Ok(Sealed::new(name, revision, value, &key))
    }

    fn write_sealed(&self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let before = self.newest(self.places(), name).ok().flatten().map_or(0, |sealed| sealed.revision);
        let json = to_json(&self.seal(name, before + 1, value)?)?;
        self.write_everywhere(name, &json)
    }

    fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        self.write(name, &to_json(value)?)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        write_in(&self.folder, name, bytes)
    }

    /// The second place is a help, not a need: it may be on a disk that is full.
    fn write_everywhere(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.write(name, bytes)?;
        if let Some(second) = &self.second {
            write_in(second, name, bytes).ok();
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&path, &error)),
            _ => Ok(()),
        }
    }
}

fn former_key(public: &DevicePublicKey) -> String {
    former_key_of(&to_hex(&public.id().0))
}

fn former_key_of(id: &str) -> String {
    let id: String = id.chars().filter(char::is_ascii_hexdigit).collect();
    format!("device-{id}.key")
}

fn damaged(path: &Path) -> Error {
    Error::new(Code::CertificateInvalid, format!("{} is damaged", path.display()))
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(value).map_err(|error| Error::new(Code::StorageFailed, error))
}

fn read_json<T: DeserializeOwned>(place: &Path, name: &str) -> Result<Option<T>, Error> {
    let path = place.join(name);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(&path, &error)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|_| damaged(&path))
}

fn write_in(place: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let path = place.join(name);
    let next = place.join(format!("{name}.{}.next", to_hex(&entropy::bytes::<8>())));
    let written = || {
        let mut file = create_private(&next)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        replace(&next, &path)
    };
    written().map_err(|error| {
        let _ = fs::remove_file(&next);
        failed(&path, &error)
    })
}

/// Windows may refuse as long as somebody looks at the old file, which is never long.
pub(crate) fn replace(from: &Path, to: &Path) -> std::io::Result<()> {
    const TRIES: u32 = 100;
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(5);
    for _ in 1..TRIES {
        match fs::rename(from, to) {
            Err(error) if cfg!(windows) && error.kind() == ErrorKind::PermissionDenied => {
                std::thread::sleep(PAUSE);
            }
            outcome => return outcome,
        }
    }
    fs::rename(from, to)
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Code::StorageFailed, format!("{}: {error}", path.display()))
}

fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
