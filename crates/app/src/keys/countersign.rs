//! Countersigns the newest checkpoints of the logs with the root key: by command, and with every new keyset.

use std::collections::BTreeMap;

use anyhow::Context as _;
use keystead_domain::Millis;
use keystead_protocol::tlog::{Log, TreeHead, countersignature};
use keystead_storage::{Error, Store, StoredCheckpoint, Tx};

use super::Keys;
use super::root::Root;
use super::trust::{self, Trust};

/// A checkpoint that a root of this server countersigned.
pub struct Countersigned {
    /// The log.
    pub log: Log,
    /// The checkpoint's tree head.
    pub head: TreeHead,
    note: String,
}

impl Countersigned {
    /// Verifies countersigned checkpoints.
    ///
    /// # Errors
    /// When a checkpoint is not countersigned by a root of this server.
    pub fn open_all(trust: &Trust, notes: &BTreeMap<Log, String>) -> anyhow::Result<Vec<Self>> {
        let open = |(log, note): (&Log, &String)| {
            let head = trust.open_countersigned(*log, note).with_context(|| {
                format!("no root of this server countersigned the checkpoint of the {log} log")
            })?;
            Ok(Self { log: *log, head, note: note.clone() })
        };
        notes.iter().map(open).collect()
    }

    /// Stores countersigned checkpoints.
    pub fn store_all(all: &[Self], tx: &mut Tx<'_>, now: Millis) -> Result<(), Error> {
        all.iter().try_for_each(|Self { log, head, note }| {
            let checkpoint = StoredCheckpoint { size: head.size, note: note.clone() };
            tx.log_countersignature_set(*log, &checkpoint, now)
        })
    }
}

impl Keys {
    /// Countersigns the newest checkpoints of both logs. Skips an empty log, which has no checkpoint.
    ///
    /// # Errors
    /// When the root key is on another machine, or a log does not extend its last countersigned tree.
    pub async fn countersign(&self, store: &Store, now: Millis) -> anyhow::Result<Vec<(Log, TreeHead)>> {
        let current = self.current();
        let Root::Here(root) = &current.root else {
            anyhow::bail!(
                "root.key was moved away; run `keystead-server key request --out FILE`: where root.key is, `key renew` \
                 countersigns the logs too"
            );
        };
        let checkpoints = self.checkpoints_to_countersign(store).await?;
        let notes = trust::countersign(&checkpoints, &self.issuer, root, now)?;
        let countersigned = Countersigned::open_all(&current.trust, &notes)?;
        let heads = countersigned.iter().map(|signed| (signed.log, signed.head)).collect();
        store.write(move |tx| Countersigned::store_all(&countersigned, tx, now)).await?;
        Ok(heads)
    }

    /// The root's public key as a signed-note verifier key.
    pub fn root_verifier_key(&self) -> String {
        countersignature::verifier_key(&self.issuer, &self.current().root.public())
    }

    /// The checkpoints to countersign with a new keyset. If a log is damaged, returns none and reports an
    /// error, because the damage must not prevent the signing of keys.
    pub(super) async fn checkpoints_for_keyset(&self, store: &Store) -> BTreeMap<Log, String> {
        self.checkpoints_to_countersign(store).await.unwrap_or_else(|error| {
            tracing::error!(error = format!("{error:#}"), "the logs are not countersigned");
            BTreeMap::new()
        })
    }

    async fn checkpoints_to_countersign(&self, store: &Store) -> anyhow::Result<BTreeMap<Log, String>> {
        let mut checkpoints = BTreeMap::new();
        for log in Log::ALL {
            if let Some(note) = self.checkpoint_to_countersign(store, log).await? {
                checkpoints.insert(log, note);
            }
        }
        Ok(checkpoints)
    }

    /// The newest checkpoint of a log. Fails unless the stored tree matches this checkpoint and extends the
    /// last countersigned tree.
    async fn checkpoint_to_countersign(&self, store: &Store, log: Log) -> anyhow::Result<Option<String>> {
        let stored: Result<_, Error> = store
            .read(move |connection| {
                Ok((connection.log_checkpoint(log)?, connection.log_countersignature_latest(log)?))
            })
            .await;
        let (newest, earlier) = stored?;
        let note = newest.map(|newest| newest.note);
        let head = |note| {
            let head = self.open_checkpoint(log, note);
            head.with_context(|| format!("no log key signed the newest checkpoint of the {log} log"))
        };
        let newest = note.as_deref().map(head).transpose()?;
        let countersigned = |earlier: StoredCheckpoint| {
            let head = self.open_countersigned(log, &earlier.note);
            head.with_context(|| format!("no root countersigned the {log} log at {} entries", earlier.size))
        };
        let earlier = earlier.map(countersigned).transpose()?;
        let size = newest.map_or(0, |newest| newest.size);
        for signed in newest.into_iter().chain(earlier) {
            let extends = signed.size <= size
                && store.read(move |connection| connection.log_head(log, signed.size)).await? == signed;
            anyhow::ensure!(
                extends,
                "the {log} log does not begin with {signed}, which was signed; run `keystead-server log verify`"
            );
        }
        Ok(note)
    }
}
