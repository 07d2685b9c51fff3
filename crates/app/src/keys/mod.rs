//! The server's keys. The keys folder holds the secrets (`secrets.json`) and the root key (`root.key`,
//! `root.pub`). The database holds the statements that the root signed, and the checks that identify the keys
//! folder.

mod checkpoint;
mod countersign;
mod first_start;
pub mod manage_keys;
mod root;
mod rotation;
mod sealing;
mod secret_file;
mod secrets;
mod signing_window;
mod status;
mod trust;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use anyhow::Context as _;
use keystead_domain::Millis;
use keystead_protocol::certificate::KeyRing;
use keystead_protocol::id::ActivationId;
use keystead_protocol::offline::OfflineSecret;
use keystead_protocol::text::to_base64url;
use keystead_protocol::{Code, ProductKey};
use keystead_storage::{KeyRecord, Location, Store, Tenant};

use self::first_start::Found;

pub use self::root::read_private as read_root;
use self::root::{Root, fingerprint};
pub use self::rotation::Rotation;
use self::secret_file::SecretFile;
use self::secrets::Secrets;
use self::trust::Trust;
pub use self::trust::{KeyRequest, SignedKeys, Signer};
use crate::security::private_files;

/// How long the result of a key check is cached.
const VERDICT_TTL: Millis = 5_000;

/// The keys of a running server.
pub struct Keys {
    folder: PathBuf,
    database: Option<DatabaseFile>,
    tenant: Tenant,
    /// The vendor's short name.
    pub issuer: String,
    current: RwLock<Arc<Current>>,
    verdict: Mutex<Option<(Millis, Result<(), Code>)>>,
    warned: Mutex<Option<Millis>>,
}

/// The file of a SQLite database. Its identity is checked, because open connections keep using the old file
/// after a replacement.
struct DatabaseFile {
    path: PathBuf,
    identity: (u64, u64),
}

impl DatabaseFile {
    fn at(location: &Location) -> anyhow::Result<Option<Self>> {
        let Location::Sqlite(path) = location else { return Ok(None) };
        Ok(Some(Self { path: path.clone(), identity: private_files::identity(path)? }))
    }

    fn check(&self) -> anyhow::Result<()> {
        let same = private_files::identity(&self.path)? == self.identity;
        anyhow::ensure!(same, "the database {} was replaced; restart the server", self.path.display());
        Ok(())
    }
}

/// The keys in use. They are replaced as a whole.
struct Current {
    root: Root,
    trust: Trust,
    secrets: Secrets,
    /// The issuing keys that may sign, newest first.
    signers: Vec<Arc<Signer>>,
}

impl Current {
    /// Reads the folder and checks that it belongs to the database.
    fn load(folder: &Path, tenant: &Tenant, record: &KeyRecord) -> anyhow::Result<Self> {
        let wanted = record.roots.first().map(fingerprint).unwrap_or_default();
        let loaded = || {
            let (root, file) = (Root::read(folder)?, SecretFile::read(folder)?);
            let root = root.context("it has no root.pub")?;
            let found = root.public();
            anyhow::ensure!(
                record.roots.first() == Some(found.as_bytes()),
                "its root key is {}",
                fingerprint(found.as_bytes())
            );
            let file = file.context("it has no secrets.json")?;
            file.fit(&record.checks)?;
            let secrets = Secrets::derive(&file, tenant)?;
            let trust = Trust::open(&tenant.slug, record)?;
            let signers = trust.signers(&secrets.issuing).into_iter().map(Arc::new).collect();
            Ok(Self { root, trust, secrets, signers })
        };
        loaded().map_err(|found: anyhow::Error| {
            anyhow::anyhow!(
                "the keys folder {} does not belong to this database: {found:#}. The database belongs to the root key {wanted}. \
                 Set `data` to the folder that this database was used with, or restore its keys folder from a backup; \
                 nothing was written",
                folder.display()
            )
        })
    }
}

impl Keys {
    /// Opens the keys folder of the database `store` at `location`. The first start binds the folder and the
    /// database to each other.
    ///
    /// # Errors
    /// When the folder belongs to another database, is empty or incomplete. Nothing is written then.
    pub async fn open(
        folder: &Path,
        location: &Location,
        store: &Store,
        fresh: Tenant,
        now: Millis,
    ) -> anyhow::Result<(Tenant, Self)> {
        let Found { tenant, record } = match first_start::find(store).await? {
            Some(found) => found,
            None => first_start::make(folder, store, fresh, now).await?,
        };
        let current = Current::load(folder, &tenant, &record)?;
        private_files::folder(folder)?;
        private_files::files_in(folder)?;
        let keys = Self {
            folder: folder.to_owned(),
            database: DatabaseFile::at(location)?,
            issuer: tenant.slug.clone(),
            tenant: tenant.clone(),
            current: RwLock::new(Arc::new(current)),
            verdict: Mutex::default(),
            warned: Mutex::default(),
        };
        keys.draw_missing()?;
        keys.register_secrets(store).await?;
        keys.renew(store, now).await?;
        Ok((tenant, keys))
    }

    /// Reads the folder and the database again, because other processes may have changed them.
    ///
    /// # Errors
    /// When the folder and the database no longer belong together. The server keeps its current keys.
    pub async fn reload(&self, store: &Store) -> anyhow::Result<()> {
        self.database.as_ref().map(DatabaseFile::check).transpose()?;
        let found = first_start::find(store).await?.context("the database was replaced by an empty one")?;
        anyhow::ensure!(found.tenant == self.tenant, "the database was replaced by another vendor's");
        let current = Current::load(&self.folder, &self.tenant, &found.record)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(current);
        Ok(())
    }

    /// Checks that the keys belong to the database and may sign.
    pub async fn check(&self, store: &Store, now: Millis) -> Result<(), Code> {
        let known = *self.verdict.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, verdict)) = known
            && (at..at + VERDICT_TTL).contains(&now)
        {
            return verdict;
        }
        let verdict = match self.reload(store).await {
            Ok(()) => self.signer(now).map(drop),
            // A database failure says nothing about the keys.
            Err(error) if error.is::<keystead_storage::Error>() => return Err(Code::Overloaded),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "the keys could not be reloaded");
                Err(Code::KeysMismatch)
            }
        };
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, verdict));
        verdict
    }

    fn current(&self) -> Arc<Current> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The current signing key.
    ///
    /// # Errors
    /// [`Code::SigningPaused`] when the root's statements have expired, because clients would reject the
    /// signature.
    pub fn signer(&self, now: Millis) -> Result<Arc<Signer>, Code> {
        let signer = self.current().signers.first().cloned();
        signer.filter(|signer| now <= signer.sign_until).ok_or(Code::SigningPaused)
    }

    /// The newest issuing key whose signing period contains `issued_at`. Clients reject other keys on a
    /// certificate of that time.
    ///
    /// # Errors
    /// [`Code::SigningPaused`] when every key of that period was revoked.
    pub fn signer_of(&self, issued_at: Millis) -> Result<Arc<Signer>, Code> {
        let current = self.current();
        let entitled = |signer: &&Arc<Signer>| (signer.sign_from..=signer.sign_until).contains(&issued_at);
        current.signers.iter().find(entitled).cloned().ok_or(Code::SigningPaused)
    }

    /// The key ring that verifies this server's certificates.
    pub fn ring(&self) -> KeyRing {
        self.current().trust.ring().clone()
    }

    /// The root keys that applications pin: the current one, and the next one if it exists.
    pub fn roots(&self) -> Vec<String> {
        self.current().trust.roots().iter().map(|root| to_base64url(root.as_bytes())).collect()
    }

    /// A product key of the newest epoch. `None` if `random` gives no usable key.
    pub fn mint(&self, product_code: u16, random: u64) -> Option<ProductKey> {
        self.current().secrets.mint(product_code, random)
    }

    /// Whether this server created the product key.
    pub fn is_authentic(&self, key: ProductKey) -> bool {
        self.current().secrets.is_authentic(key)
    }

    /// The digest of a product key, under which the key is stored.
    pub fn index(&self, key: ProductKey) -> [u8; 16] {
        self.current().secrets.index(key)
    }

    /// The secret that advances ratchets.
    pub fn ratchet(&self) -> [u8; 32] {
        self.current().secrets.ratchet
    }

    /// The newest nonce key. It is used for nonces, keyed digests and derived refresh tokens.
    pub fn nonce(&self) -> [u8; 32] {
        let current = self.current();
        *current.secrets.nonce.last().expect("there is one of each")
    }

    /// The two newest nonce keys, newest first. Two rotations invalidate a stolen key and every value that
    /// depends on it.
    pub fn nonces(&self) -> Vec<[u8; 32]> {
        self.current().secrets.nonce.iter().rev().take(2).copied().collect()
    }

    /// The secret that an activation's device shares with this server.
    pub fn offline_secret(&self, activation: ActivationId) -> OfflineSecret {
        OfflineSecret::of_activation(&self.current().secrets.offline, activation)
    }

    /// Calls `use_them` with all secrets.
    pub fn with<T>(&self, use_them: impl FnOnce(&Secrets) -> T) -> T {
        use_them(&self.current().secrets)
    }

    /// Seals a value that only this server may read again, such as a stored response or an email. The value
    /// can only be opened under the same `kind` and `id`.
    pub fn seal(&self, kind: &str, id: &[u8; 16], secret: &[u8]) -> Vec<u8> {
        self.current().secrets.sealing.seal(kind, id, secret)
    }

    /// Opens a sealed value; `None` if it was tampered with or has another kind or id.
    pub fn open_sealed(&self, kind: &str, id: &[u8; 16], sealed: &[u8]) -> Option<Vec<u8>> {
        self.current().secrets.sealing.open(kind, id, sealed)
    }
}
