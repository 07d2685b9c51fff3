//! The first start. It binds a database and a keys folder to each other. When several nodes start at the same
//! time, one node creates each file, and one node stores the record. The others use them.

use std::path::Path;

use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use keystead_domain::Millis;
use keystead_storage::{Error, KeyRecord, Store, Tenant};

use super::root::{Root, fingerprint};
use super::secret_file::{Kind, SecretFile};
use super::trust;
use crate::security::private_files;

/// The stored identity of a database.
pub struct Found {
    /// The vendor.
    pub tenant: Tenant,
    /// The record of the vendor's keys.
    pub record: KeyRecord,
}

/// Reads the identity; `None` before the first start.
pub async fn find(store: &Store) -> anyhow::Result<Option<Found>> {
    let found: Result<_, Error> =
        store.read(|connection| Ok((connection.tenant()?, connection.key_record()?))).await;
    match found? {
        (None, _) => Ok(None),
        (Some(tenant), Some(record)) => Ok(Some(Found { tenant, record })),
        (Some(_), None) => {
            anyhow::bail!("the database was made by a server that did not record its root key")
        }
    }
}

/// Creates the keys, or reads them from the folder, and stores their record with the vendor. If another node
/// has stored a record first, uses that record.
pub async fn make(folder: &Path, store: &Store, fresh: Tenant, now: Millis) -> anyhow::Result<Found> {
    private_files::folder(folder)?;
    let root = Root::read_or_draw(folder)?;
    let file = SecretFile::read_or_draw(folder)?;
    let Root::Here(root) = root else {
        anyhow::bail!(
            "the database is empty, and the keys folder {} belongs to another one: its root key {} was moved away. Set \
             `data` or `database_url` to what belongs together, or bring root.key back for the first start",
            folder.display(),
            fingerprint(root.public().as_bytes())
        );
    };
    let issuing = file.arrays(Kind::Issuing)?;
    let issuing = SigningKey::from_bytes(issuing.last().context("there is no issuing key")?);
    let record = KeyRecord {
        roots: vec![root.verifying_key().to_bytes()],
        checks: file.checks(),
        keyset: trust::first_keyset(&fresh.slug, &root, &issuing, now)?,
    };
    let stored: Result<_, Error> = store
        .write(move |tx| {
            if let (Some(tenant), Some(record)) = (tx.tenant()?, tx.key_record()?) {
                return Ok(Found { tenant, record });
            }
            tx.tenant_insert(&fresh)?;
            tx.root_insert(0, &record.roots[0], now)?;
            for check in &record.checks {
                tx.secret_check_insert(check)?;
            }
            tx.keyset_insert(&record.keyset, now)?;
            Ok(Found { tenant: fresh.clone(), record: record.clone() })
        })
        .await;
    Ok(stored?)
}
