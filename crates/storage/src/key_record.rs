//! What the database knows of the keys that it belongs to: its roots, checks of the secrets, and what a root signed.

use keystead_domain::Millis;

use crate::connection::Reader;
use crate::param::params;
use crate::{Error, Tx};

/// A root key, as the vendor's applications pin it.
pub type RootKey = [u8; 32];

/// Recognizes one secret without knowing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretCheck {
    /// What the secret is for.
    pub kind: String,
    /// Which of the secrets of this kind, from 0.
    pub generation: u32,
    /// A one-way function of it.
    pub value: [u8; 16],
}

/// What the root signed: the statements of issuing keys and the revoked ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKeyset {
    /// Rises with every keyset.
    pub sequence: u64,
    /// The signed objects.
    pub content: String,
}

/// The keys of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// The current root, and the next one if there is one.
    pub roots: Vec<RootKey>,
    /// Every secret that was ever used.
    pub checks: Vec<SecretCheck>,
    /// The newest keyset.
    pub keyset: StoredKeyset,
}

impl Reader {
    /// The keys of the database; `None` before the first start.
    pub fn key_record(&mut self) -> Result<Option<KeyRecord>, Error> {
        let Some(keyset) = self.keyset()? else { return Ok(None) };
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
    pub fn keyset(&mut self) -> Result<Option<StoredKeyset>, Error> {
        self.query_one(
            "SELECT sequence, content FROM keyset ORDER BY sequence DESC LIMIT 1",
            params![],
            |row| Ok(StoredKeyset { sequence: row.number("sequence")?, content: row.get("content")? }),
        )
    }
}

impl Tx<'_> {
    /// Pins a root: the current one at position 0, the next one at 1.
    pub fn insert_root(&mut self, position: u32, root: &RootKey, now: Millis) -> Result<(), Error> {
        self.change(
            "INSERT INTO root_key (position, public_key, pinned_at) VALUES ($1, $2, $3)",
            params![position, root, now],
        )
    }

    /// Stores the check of a new secret.
    pub fn insert_secret_check(&mut self, check: &SecretCheck) -> Result<(), Error> {
        self.change(
            "INSERT INTO secret_check (kind, generation, value) VALUES ($1, $2, $3)",
            params![&check.kind, check.generation, &check.value],
        )
    }

    /// Stores a keyset. Fails if there is one with its number.
    pub fn insert_keyset(&mut self, keyset: &StoredKeyset, now: Millis) -> Result<(), Error> {
        self.change(
            "INSERT INTO keyset (sequence, content, installed_at) VALUES ($1, $2, $3)",
            params![keyset.sequence as i64, &keyset.content, now],
        )
    }
}
