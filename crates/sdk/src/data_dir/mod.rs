//! The vendor's data folder on this device. It contains the device keys, one activation per
//! product, and the sign-in. Files are replaced atomically, and only their owner can read them.
//! Values that decide the activation state are sealed and stored in two folders.

mod offline_record;
mod record;
mod sealed_value;

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use keystead_protocol::Code;
use keystead_protocol::api::{AccountView, ActivationDetails};
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner as _};
use keystead_protocol::text::{to_base64url, to_hex};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

pub use offline_record::ReleaseProof;
pub(crate) use offline_record::{InstallationRequest, OfflineConfirmation, OfflineRecord};
pub(crate) use record::{ActivationRecord, LeaseExtension, SignInTokens, TpmTagCache};
use sealed_value::SealedValue;

use crate::atomic_file::{
    create_private, create_private_folder, damaged, io_error, read_json, remove, to_json, write_private,
};
use crate::clock::TimeFloor;
use crate::device_key::DeviceKey;
use crate::{Error, Proxy, Tpm};

const DEVICE_KEY: &str = "device.key";
const KEYSET: &str = "keyset.json";
const TPM_TAG: &str = "tpm.json";
const CLOCK: &str = "clock.json";
const PROXY: &str = "proxy.json";
const ACCOUNT: &str = "account.json";
const SIGN_IN: &str = "sign-in.json";

/// The exclusive lock on a vendor's folder, released on drop.
pub(crate) struct FolderLock {
    _file: File,
}

/// The folder of one vendor, and a second folder with copies of the sealed values.
pub(crate) struct DataDir {
    folder: PathBuf,
    second: Option<PathBuf>,
    product: String,
}

impl DataDir {
    /// Opens or creates the folder. The second folder is created in `second`.
    pub(crate) fn open(
        folder: &Path,
        second: Option<&Path>,
        issuer: &str,
        product: &str,
    ) -> Result<Self, Error> {
        let folder = folder.join(issuer);
        create_private_folder(&folder).map_err(|error| io_error(&folder, &error))?;
        let path = fs::canonicalize(&folder).unwrap_or_else(|_| folder.clone());
        let name = to_hex(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..16]);
        // If the second folder cannot be created, use only the first.
        let second =
            second.map(|second| second.join(name)).filter(|path| create_private_folder(path).is_ok());
        Ok(Self { folder, second, product: product.to_owned() })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Locks the folder against other threads and processes. Waits until the lock is free.
    pub(crate) fn lock(&self) -> Result<FolderLock, Error> {
        let path = self.folder.join("lock");
        let locked = || {
            let file = create_private(&path)?;
            file.lock().map(|()| FolderLock { _file: file })
        };
        locked().map_err(|error| io_error(&path, &error))
    }

    /// Locks the folder; `None` if it is already locked.
    pub(crate) fn try_lock(&self) -> Option<FolderLock> {
        let file = create_private(&self.folder.join("lock")).ok()?;
        file.try_lock().ok().map(|()| FolderLock { _file: file })
    }

    /// The current device key.
    ///
    /// # Errors
    /// [`Code::StorageFailed`] if the key file is damaged. A new key would make this a new device.
    pub(crate) fn device_key(&self, tpm: &Tpm) -> Result<Option<DeviceKey>, Error> {
        self.read_key(DEVICE_KEY, tpm)
    }

    /// The current or a former device key with this public key.
    pub(crate) fn device_key_by_public(
        &self,
        public: &DevicePublicKey,
        tpm: &Tpm,
    ) -> Result<Option<DeviceKey>, Error> {
        match self.device_key(tpm)? {
            Some(key) if key.public_key() == *public => Ok(Some(key)),
            _ => self.read_key(&former_key_file(&key_id(public)), tpm),
        }
    }

    fn read_key(&self, name: &str, tpm: &Tpm) -> Result<Option<DeviceKey>, Error> {
        let path = self.folder.join(name);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error(&path, &error)),
        };
        let damaged = || Error::new(Code::StorageFailed, format!("{} is damaged", path.display()));
        DeviceKey::from_text(text.trim(), tpm).map(Some).ok_or_else(damaged)
    }

    /// Makes `key` the current device key. The former key stays for activations that are bound to it.
    pub(crate) fn replace_device_key(
        &self,
        _: &FolderLock,
        former: Option<&DeviceKey>,
        key: &DeviceKey,
    ) -> Result<(), Error> {
        if let Some(former) = former {
            let name = former_key_file(&key_id(&former.public_key()));
            self.write(&name, former.to_text().as_bytes())?;
        }
        self.write(DEVICE_KEY, key.to_text().as_bytes())
    }

    /// The proxy that the user chose.
    pub(crate) fn proxy(&self) -> Result<Option<Proxy>, Error> {
        self.read(PROXY)
    }

    pub(crate) fn store_proxy(&self, proxy: &Proxy) -> Result<(), Error> {
        match proxy {
            Proxy::System => remove(&self.folder.join(PROXY)),
            chosen => self.write_json(PROXY, chosen),
        }
    }

    pub(crate) fn tpm_tag(&self) -> Result<Option<TpmTagCache>, Error> {
        self.read_sealed([&*self.folder], TPM_TAG)
    }

    pub(crate) fn store_tpm_tag(&self, cache: &TpmTagCache) -> Result<(), Error> {
        let sealed = self.seal(TPM_TAG, 0, cache)?;
        self.write_json(TPM_TAG, &sealed)
    }

    pub(crate) fn activation(&self) -> Result<Option<ActivationRecord>, Error> {
        self.read_sealed(self.places(), &self.product_file("activation"))
    }

    pub(crate) fn store_activation(&self, record: &ActivationRecord) -> Result<(), Error> {
        self.write_sealed(&self.product_file("activation"), record)
    }

    pub(crate) fn delete_activation(&self) -> Result<(), Error> {
        remove(&self.folder.join(self.product_file("details")))?;
        // A sealed `null` outranks older copies, which would otherwise restore the activation.
        self.write_sealed(&self.product_file("activation"), &None::<ActivationRecord>)
    }

    /// The license details as last received, to show without a network.
    pub(crate) fn details(&self) -> Result<Option<ActivationDetails>, Error> {
        self.read(&self.product_file("details"))
    }

    pub(crate) fn store_details(&self, details: &ActivationDetails) -> Result<(), Error> {
        self.write_json(&self.product_file("details"), details)
    }

    pub(crate) fn offline(&self) -> Result<Option<OfflineRecord>, Error> {
        self.read_sealed(self.places(), &self.product_file("offline"))
    }

    pub(crate) fn store_offline(&self, record: &OfflineRecord) -> Result<(), Error> {
        self.write_sealed(&self.product_file("offline"), record)
    }

    pub(crate) fn account(&self) -> Result<Option<AccountView>, Error> {
        self.read(ACCOUNT)
    }

    pub(crate) fn store_account(&self, account: &AccountView) -> Result<(), Error> {
        self.write_json(ACCOUNT, account)
    }

    pub(crate) fn sign_in(&self) -> Result<Option<SignInTokens>, Error> {
        self.read(SIGN_IN)
    }

    pub(crate) fn store_sign_in(&self, tokens: &SignInTokens) -> Result<(), Error> {
        self.write_json(SIGN_IN, tokens)
    }

    pub(crate) fn delete_sign_in(&self) -> Result<(), Error> {
        remove(&self.folder.join(ACCOUNT))?;
        remove(&self.folder.join(SIGN_IN))
    }

    /// The stored keyset of each folder, base64url. Each is the newest that was received.
    pub(crate) fn keysets(&self) -> Vec<Option<String>> {
        self.places().map(|place| read_json(&place.join(KEYSET)).ok().flatten()).collect()
    }

    pub(crate) fn store_keyset(&self, keyset: &[u8]) -> Result<(), Error> {
        let json = to_json(&to_base64url(keyset))?;
        self.write_everywhere(KEYSET, &json)
    }

    pub(crate) fn time_floor(&self) -> Result<Option<TimeFloor>, Error> {
        self.read_sealed(self.places(), CLOCK)
    }

    pub(crate) fn store_time_floor(&self, floor: &TimeFloor) -> Result<(), Error> {
        self.write_sealed(CLOCK, floor)
    }

    fn product_file(&self, kind: &str) -> String {
        format!("{}.{kind}.json", self.product)
    }

    fn places(&self) -> impl Iterator<Item = &Path> {
        [Some(&*self.folder), self.second.as_deref()].into_iter().flatten()
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        read_json(&self.folder.join(name))
    }

    /// The newest valid copy of a sealed value in `places`.
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
    ) -> Result<Option<SealedValue>, Error> {
        let (mut newest, mut failure) = (None::<SealedValue>, None);
        for place in places {
            match self.unseal(&place.join(name), name) {
                Ok(Some(sealed))
                    if newest.as_ref().is_none_or(|before| before.revision < sealed.revision) =>
                {
                    newest = Some(sealed);
                }
                Ok(_) => {}
                Err(error) => failure = Some(error),
            }
        }
        match (newest, failure) {
            (None, Some(error)) => Err(error),
            (newest, _) => Ok(newest),
        }
    }

    fn unseal(&self, path: &Path, name: &str) -> Result<Option<SealedValue>, Error> {
        let Some(sealed) = read_json::<SealedValue>(path)? else { return Ok(None) };
        let current = self.read_key(DEVICE_KEY, &Tpm::Unused).ok().flatten();
        let matches = |key: &DeviceKey| key_id(&key.public_key()) == sealed.key;
        let former =
            || self.read_key(&former_key_file(&sealed.key), &Tpm::Unused).ok().flatten().filter(matches);
        let key = current.filter(matches).or_else(former).ok_or(Error::from(Code::DeviceKeyMissing))?;
        if sealed.is_sealed_by(name, &key) { Ok(Some(sealed)) } else { Err(damaged(path)) }
    }

    fn seal(&self, name: &str, revision: u64, value: &impl Serialize) -> Result<SealedValue, Error> {
        let key = self.read_key(DEVICE_KEY, &Tpm::Unused)?.ok_or(Error::from(Code::DeviceKeyMissing))?;
        let value = serde_json::to_value(value).map_err(|error| Error::new(Code::StorageFailed, error))?;
        Ok(SealedValue::seal(name, revision, value, &key))
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
        let path = self.folder.join(name);
        write_private(&path, bytes).map_err(|error| io_error(&path, &error))
    }

    /// Writes a file to both folders. Ignores an error in the second folder: its disk may be full.
    fn write_everywhere(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.write(name, bytes)?;
        if let Some(second) = &self.second {
            write_private(&second.join(name), bytes).ok();
        }
        Ok(())
    }
}

fn key_id(public: &DevicePublicKey) -> String {
    to_hex(&public.id().0)
}

fn former_key_file(id: &str) -> String {
    let id: String = id.chars().filter(char::is_ascii_hexdigit).collect();
    format!("device-{id}.key")
}
