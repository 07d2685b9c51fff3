//! Changing keys while a server runs: new generations of secrets, new statements of the root, revocation, the next root.
//! Each is a step that leaves folder and database fitting each other, and running servers follow it within a minute.

use std::path::Path;
use std::str::FromStr;

use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use keystead_domain::Millis;
use keystead_protocol::certificate::KeyId;
use keystead_storage::{Error, Store};

use super::root::{self, Root, fingerprint};
use super::secret_file::{Kind, SecretFile};
use super::trust::{KeyRequest, SIGNING_WINDOW, SignedKeys};
use super::{Current, Keys, first_start};
use crate::security::private_files;

/// Held while `secrets.json` is rewritten.
const LOCK: &str = "lock";
/// How often signing is tried again when another node was faster.
const ATTEMPTS: usize = 5;

/// Secrets that are rotated together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The key that signs certificates.
    Issuing,
    /// The secrets of new product keys.
    ProductKeys,
    /// What stored values are sealed with.
    Sealing,
    /// What nonces and user codes are made with.
    Nonce,
    /// What advances ratchets.
    Ratchet,
    /// The key that signs ID tokens.
    IdToken,
    /// The key that signs the checkpoints of the logs.
    Log,
    /// All of these.
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
            _ => anyhow::bail!("{name} is not rotated"),
        })
    }
}

impl Keys {
    /// Draws new secrets. What the old ones made stays valid, except that of nonces and ID tokens, which live for minutes,
    /// only the last two generations count.
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

    /// Draws secrets of kinds that are newer than the keys folder.
    pub(super) fn draw_missing(&self) -> anyhow::Result<()> {
        let read = || SecretFile::read(&self.folder)?.context("secrets.json is gone");
        if read()?.generations(Kind::Log) > 0 {
            return Ok(());
        }
        let _lock = private_files::lock(&self.folder.join(LOCK))?;
        let mut file = read()?;
        // Another node that starts on this folder may have been here first.
        if file.generations(Kind::Log) == 0 {
            file.rotate(Kind::Log)?;
            file.replace(&self.folder)?;
        }
        Ok(())
    }

    /// Lets the database know the secrets of the folder that it does not know yet, and uses them.
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
                        tx.insert_secret_check(check)?;
                    }
                }
                Ok(())
            })
            .await;
        registered?;
        self.reload(store).await
    }

    /// Has the root sign new statements when half of their window is over or a new issuing key has none. Does nothing
    /// where the root was moved away.
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
            let sign = |current: &Current| current.request(revoke, now)?.sign(root, now);
            if self.try_install(store, sign, now).await? {
                return Ok(());
            }
        }
        anyhow::bail!("other nodes install keysets all the time")
    }

    /// What the root has to sign, where it is on another machine.
    pub async fn request(
        &self,
        store: &Store,
        revoke: Option<KeyId>,
        now: Millis,
    ) -> anyhow::Result<KeyRequest> {
        if let Some(id) = revoke {
            self.replace_if_newest(store, id).await?;
        }
        self.current().request(revoke, now)
    }

    /// Revokes an issuing key; a new one takes its place if it is the one that signs.
    ///
    /// # Errors
    /// When the root was moved away: a request has to be signed there.
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

    /// Takes over what a root signed.
    ///
    /// # Errors
    /// When it does not fit this server. Nothing is changed then.
    pub async fn install(&self, store: &Store, signed: &SignedKeys, now: Millis) -> anyhow::Result<()> {
        let installed = self.try_install(store, |_| Ok(signed.clone()), now).await?;
        anyhow::ensure!(installed, "another keyset was installed at the same time; write a new request");
        Ok(())
    }

    /// Installs what `sign` makes of the keys as they are; `false` when another node was faster.
    async fn try_install(
        &self,
        store: &Store,
        sign: impl Fn(&Current) -> anyhow::Result<SignedKeys>,
        now: Millis,
    ) -> anyhow::Result<bool> {
        let mut record = first_start::find(store).await?.context("the database is empty")?.record;
        let known = record.keyset.sequence;
        let current = Current::load(&self.folder, &self.tenant, &record)?;
        let keyset = current.trust.extended(&sign(&current)?, now)?;
        record.keyset = keyset.clone();
        let signer = Current::load(&self.folder, &self.tenant, &record)?.signer;
        let signs = signer.is_some_and(|signer| now < signer.sign_until);
        anyhow::ensure!(signs, "it does not let any issuing key of this server sign; write a new request");
        let installed: Result<bool, Error> = store
            .write(move |tx| {
                let unchanged = tx.keyset()?.is_some_and(|newest| newest.sequence == known);
                if unchanged {
                    tx.insert_keyset(&keyset, now)?;
                }
                Ok(unchanged)
            })
            .await;
        let installed = installed?;
        self.reload(store).await?;
        Ok(installed)
    }

    /// Draws the next root, for applications to pin beside the current one; gives its fingerprint.
    pub async fn draw_next_root(&self, store: &Store, now: Millis) -> anyhow::Result<String> {
        anyhow::ensure!(self.current().trust.roots().len() == 1, "there is a next root key already");
        let next = root::read_or_draw_next(&self.folder)?.verifying_key().to_bytes();
        let pinned: Result<bool, Error> = store
            .write(move |tx| {
                if tx.key_record()?.is_none_or(|record| record.roots.len() != 1) {
                    return Ok(false);
                }
                tx.insert_root(1, &next, now)?;
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
