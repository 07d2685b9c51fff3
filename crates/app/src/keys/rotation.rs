//! Rotates keys while the server runs: new generations of secrets, new root statements, revocation, the next
//! root. After each step, the keys folder and the database agree. Running servers load the new state within a
//! minute.

use std::path::Path;
use std::str::FromStr;

use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use keystead_domain::Millis;
use keystead_protocol::certificate::KeyId;
use keystead_storage::{Error, Store};

use super::countersign::Countersigned;
use super::root::{self, Root, fingerprint};
use super::secret_file::{Kind, SecretFile};
use super::trust::{KeyRequest, SIGNING_WINDOW, SignedKeys};
use super::{Current, Keys, first_start};
use crate::security::private_files;

/// Lock file held while `secrets.json` is rewritten.
const LOCK: &str = "lock";
/// Maximum number of attempts when other nodes change the keys at the same time.
const ATTEMPTS: usize = 5;

/// Groups of secrets that rotate together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The key that signs certificates.
    Issuing,
    /// The secrets for new product keys.
    ProductKeys,
    /// The key that seals stored values.
    Sealing,
    /// The key for nonces, digests of codes, and derived refresh tokens.
    Nonce,
    /// The secret that advances ratchets.
    Ratchet,
    /// The key that signs ID tokens.
    IdToken,
    /// The key that signs the checkpoints of the logs.
    Log,
    /// All groups.
    All,
}

impl Rotation {
    fn kinds(self) -> &'static [Kind] {
        use Kind::{IdToken, Issuing, Log, Nonce, ProductKeyIndex, ProductKeyMac, Ratchet, Sealing};
        match self {
            Rotation::Issuing => &[Issuing],
            Rotation::ProductKeys => &[ProductKeyMac, ProductKeyIndex],
            Rotation::Sealing => &[Sealing],
            Rotation::Nonce => &[Nonce],
            Rotation::Ratchet => &[Ratchet],
            Rotation::IdToken => &[IdToken],
            Rotation::Log => &[Log],
            Rotation::All => {
                &[Issuing, ProductKeyMac, ProductKeyIndex, Sealing, Nonce, Ratchet, IdToken, Log]
            }
        }
    }
}

impl FromStr for Rotation {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> anyhow::Result<Self> {
        Ok(match name {
            "issuing" => Rotation::Issuing,
            "product-keys" => Rotation::ProductKeys,
            "sealing" => Rotation::Sealing,
            "nonce" => Rotation::Nonce,
            "ratchet" => Rotation::Ratchet,
            "id-token" => Rotation::IdToken,
            "log" => Rotation::Log,
            "all" => Rotation::All,
            _ => anyhow::bail!("expected one of the names that `key rotate --help` lists"),
        })
    }
}

impl Keys {
    /// Creates a new generation of each secret in `rotation`. Values made with older generations stay valid,
    /// with two exceptions: only the two newest nonce keys and ID token keys are accepted.
    pub async fn rotate(&self, store: &Store, rotation: Rotation, now: Millis) -> anyhow::Result<()> {
        let lock = private_files::lock(&self.folder.join(LOCK))?;
        let mut file = SecretFile::read(&self.folder)?.context("secrets.json is gone")?;
        for kind in rotation.kinds() {
            file.rotate(*kind)?;
        }
        file.replace(&self.folder)?;
        self.register_secrets(store).await?;
        drop(lock);
        self.renew(store, now).await
    }

    /// Creates the log key if an older keys folder lacks one.
    pub(super) fn draw_missing(&self) -> anyhow::Result<()> {
        let read = || SecretFile::read(&self.folder)?.context("secrets.json is gone");
        if read()?.generations(Kind::Log) > 0 {
            return Ok(());
        }
        let _lock = private_files::lock(&self.folder.join(LOCK))?;
        let mut file = read()?;
        // Another node may have created it first.
        if file.generations(Kind::Log) == 0 {
            file.rotate(Kind::Log)?;
            file.replace(&self.folder)?;
        }
        Ok(())
    }

    /// Registers new secrets of the folder in the database and starts using them.
    pub(super) async fn register_secrets(&self, store: &Store) -> anyhow::Result<()> {
        let file = SecretFile::read(&self.folder)?.context("secrets.json is gone")?;
        let checks = file.checks();
        let registered: Result<(), Error> = store
            .write(move |tx| {
                let known = tx.key_record()?.map_or_else(Vec::new, |record| record.checks);
                for check in &checks {
                    let new =
                        !known.iter().any(|k| (&k.kind, k.generation) == (&check.kind, check.generation));
                    if new {
                        tx.secret_check_insert(check)?;
                    }
                }
                Ok(())
            })
            .await;
        registered?;
        self.reload(store).await
    }

    /// Signs new root statements when half of the signing window has passed, or when the newest issuing key
    /// has no statement. Countersigns the logs at the same time. Does nothing if the root key is on another
    /// machine.
    pub async fn renew(&self, store: &Store, now: Millis) -> anyhow::Result<()> {
        match &self.current().root {
            Root::Here(root) => self.sign_here(store, root, None, now).await,
            Root::Away(_) => Ok(()),
        }
    }

    async fn sign_here(
        &self,
        store: &Store,
        root: &SigningKey,
        revoke: Option<KeyId>,
        now: Millis,
    ) -> anyhow::Result<()> {
        for _ in 0..ATTEMPTS {
            let current = self.current();
            let revoked = revoke.is_none_or(|id| current.trust.ring().revokes(id));
            if revoked && current.has_signed_newest(now) {
                return Ok(());
            }
            let checkpoints = self.checkpoints_for_keyset(store).await;
            let sign = |current: &Current| {
                let checkpoints = checkpoints.clone();
                KeyRequest { checkpoints, ..current.request(revoke, now)? }.sign(root, now)
            };
            if self.try_install(store, sign, now).await? {
                return Ok(());
            }
        }
        anyhow::bail!("other nodes install keysets all the time")
    }

    /// Creates the request to sign for a root key on another machine.
    pub async fn request(
        &self,
        store: &Store,
        revoke: Option<KeyId>,
        now: Millis,
    ) -> anyhow::Result<KeyRequest> {
        if let Some(id) = revoke {
            self.replace_if_newest(store, id).await?;
        }
        let checkpoints = self.checkpoints_for_keyset(store).await;
        Ok(KeyRequest { checkpoints, ..self.current().request(revoke, now)? })
    }

    /// Revokes an issuing key. If it is the newest one, a new key replaces it.
    ///
    /// # Errors
    /// When the root key is on another machine. Then a request must be signed there.
    pub async fn revoke(&self, store: &Store, id: KeyId, now: Millis) -> anyhow::Result<()> {
        let Root::Here(root) = &self.current().root else {
            anyhow::bail!(
                "root.key was moved away; run: keystead-server key request --revoke {} --out FILE",
                id.to_hex()
            );
        };
        self.replace_if_newest(store, id).await?;
        self.sign_here(store, root, Some(id), now).await
    }

    async fn replace_if_newest(&self, store: &Store, id: KeyId) -> anyhow::Result<()> {
        let current = self.current();
        let ids: Vec<_> = current.secrets.issuing.iter().map(|key| KeyId::of(&key.verifying_key())).collect();
        anyhow::ensure!(ids.contains(&id), "{} is not the id of an issuing key", id.to_hex());
        if ids.last() != Some(&id) {
            return Ok(());
        }
        let lock = private_files::lock(&self.folder.join(LOCK))?;
        let mut file = SecretFile::read(&self.folder)?.context("secrets.json is gone")?;
        if file.generations(Kind::Issuing) == ids.len() {
            file.rotate(Kind::Issuing)?;
            file.replace(&self.folder)?;
        }
        self.register_secrets(store).await?;
        drop(lock);
        Ok(())
    }

    /// Installs objects that a root signed.
    ///
    /// # Errors
    /// When the objects do not fit this server. Nothing is changed then.
    pub async fn install(&self, store: &Store, signed: &SignedKeys, now: Millis) -> anyhow::Result<()> {
        let installed = self.try_install(store, |_| Ok(signed.clone()), now).await?;
        anyhow::ensure!(installed, "another keyset was installed at the same time; write a new request");
        Ok(())
    }

    /// Installs the result of `sign` for the current keys. Returns `false` if another node changed the keys
    /// first.
    async fn try_install(
        &self,
        store: &Store,
        sign: impl Fn(&Current) -> anyhow::Result<SignedKeys>,
        now: Millis,
    ) -> anyhow::Result<bool> {
        let mut record = first_start::find(store).await?.context("the database is empty")?.record;
        let known = record.keyset.sequence;
        let current = Current::load(&self.folder, &self.tenant, &record)?;
        let signed = sign(&current)?;
        let keyset = current.trust.extended(&signed, now)?;
        let countersigned = Countersigned::open_all(&current.trust, &signed.countersigned)?;
        record.keyset = keyset.clone();
        let signer = Current::load(&self.folder, &self.tenant, &record)?.signers.into_iter().next();
        let signs = signer.is_some_and(|signer| now < signer.sign_until);
        anyhow::ensure!(signs, "it does not let any issuing key of this server sign; write a new request");
        let installed: Result<bool, Error> = store
            .write(move |tx| {
                let unchanged = tx.keyset_latest()?.is_some_and(|newest| newest.sequence == known);
                if unchanged {
                    tx.keyset_insert(&keyset, now)?;
                    Countersigned::store_all(&countersigned, tx, now)?;
                }
                Ok(unchanged)
            })
            .await;
        let installed = installed?;
        self.reload(store).await?;
        Ok(installed)
    }

    /// Creates the next root key, which applications pin in addition to the current one. Returns its
    /// fingerprint.
    pub async fn draw_next_root(&self, store: &Store, now: Millis) -> anyhow::Result<String> {
        anyhow::ensure!(self.current().trust.roots().len() == 1, "there is a next root key already");
        let next = root::read_or_draw_next(&self.folder)?.verifying_key().to_bytes();
        let pinned: Result<bool, Error> = store
            .write(move |tx| {
                if tx.key_record()?.is_none_or(|record| record.roots.len() != 1) {
                    return Ok(false);
                }
                tx.root_insert(1, &next, now)?;
                Ok(true)
            })
            .await;
        anyhow::ensure!(pinned?, "there is a next root key already");
        self.reload(store).await?;
        Ok(fingerprint(&next))
    }

    /// The keys folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Current {
    fn has_signed_newest(&self, now: Millis) -> bool {
        let newest = self.secrets.issuing.last().map(SigningKey::verifying_key);
        let until = newest.and_then(|key| self.trust.sign_until(&key));
        until.is_some_and(|until| until - now > SIGNING_WINDOW / 2)
    }

    fn request(&self, revoke: Option<KeyId>, now: Millis) -> anyhow::Result<KeyRequest> {
        let newest = self.secrets.issuing.last().context("there is no issuing key")?;
        Ok(self.trust.request(&newest.verifying_key(), revoke, now))
    }
}
