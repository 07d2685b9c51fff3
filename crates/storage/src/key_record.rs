//! The record of the server's keys: roots, checks of the secrets, and root-signed keysets.

use keystead_domain::Millis;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::{Error, Tx};

/// A root key, as pinned by the vendor's applications.
pub type RootKey = [u8; 32];

/// Identifies a secret without revealing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretCheck {
    /// The secret's purpose.
    pub kind: String,
    /// The secret's generation, from 0.
    pub generation: u32,
    /// A one-way function of the secret.
    pub value: [u8; 16],
}

/// The objects signed by the root: statements about issuing keys, and the revoked keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKeyset {
    /// The keyset's number. It increases with every keyset.
    pub sequence: u64,
    /// The signed objects.
    pub content: String,
}

/// The record of the server's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// The current root, and the next one if it exists.
    pub roots: Vec<RootKey>,
    /// The checks of all current and past secrets.
    pub checks: Vec<SecretCheck>,
    /// The newest keyset.
    pub keyset: StoredKeyset,
}

impl Connection {
    /// The key record; `None` before the first start.
    pub fn key_record(&mut self) -> Result<Option<KeyRecord>, Error> {
        let Some(keyset) = self.keyset_latest()? else { return Ok(None) };
        let roots = self.query("SELECT public_key FROM root_key ORDER BY position", params![], |row| {
            row.bytes("public_key")
        })?;
        let checks = self.query(
            "SELECT kind, generation, value FROM secret_check ORDER BY kind, generation",
            params![],
            |row| {
                Ok(SecretCheck {
                    kind: row.get("kind")?,
                    generation: row.number("generation")?,
                    value: row.bytes("value")?,
                })
            },
        )?;
        Ok(Some(KeyRecord { roots, checks, keyset }))
    }

    /// The newest keyset.
    pub fn keyset_latest(&mut self) -> Result<Option<StoredKeyset>, Error> {
        self.query_one(
            "SELECT sequence, content FROM keyset ORDER BY sequence DESC LIMIT 1",
            params![],
            |row| Ok(StoredKeyset { sequence: row.number("sequence")?, content: row.get("content")? }),
        )
    }
}

impl Tx<'_> {
    /// Pins a root: the current one at position 0, the next one at 1.
    pub fn root_insert(&mut self, position: u32, root: &RootKey, now: Millis) -> Result<(), Error> {
        insert!(self.change, "root_key" { position: position, public_key: root, pinned_at: now })
    }

    /// Stores the check of a new secret.
    pub fn secret_check_insert(&mut self, check: &SecretCheck) -> Result<(), Error> {
        insert!(self.change, "secret_check" {
            kind: &check.kind,
            generation: check.generation,
            value: &check.value,
        })
    }

    /// Stores a keyset. Fails if its sequence number exists.
    pub fn keyset_insert(&mut self, keyset: &StoredKeyset, now: Millis) -> Result<(), Error> {
        insert!(self.change, "keyset" {
            sequence: keyset.sequence as i64,
            content: &keyset.content,
            installed_at: now,
        })
    }
}
