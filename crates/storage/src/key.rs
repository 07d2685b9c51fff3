//! Product keys, stored under a keyed index that only the server can compute.

use keystead_domain::Millis;
use keystead_protocol::id::{KeyBatchId, LicenseId};

use crate::connection::Reader;
use crate::param::params;
use crate::{Error, Tx};

/// The status of a product key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStanding {
    /// Issued and unused.
    Issued {
        /// Time of issue.
        at: Millis,
    },
    /// It claims a license.
    Claims {
        /// The license.
        license: LicenseId,
        /// Time of the claim.
        at: Millis,
    },
    /// Replaced or withdrawn; claims no license.
    Disabled {
        /// Time of disabling.
        at: Millis,
    },
}

/// A stored product key, without its symbols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its index.
    pub index: [u8; 16],
    /// Its batch.
    pub batch: KeyBatchId,
    /// Its last five symbols.
    pub last_group: String,
    /// Its status.
    pub standing: KeyStanding,
}

impl Reader {
    /// A product key by its index.
    pub fn product_key(&mut self, index: &[u8; 16]) -> Result<Option<StoredKey>, Error> {
        self.query_one(
            "SELECT key_index, batch_id, last_group, license_id, standing, standing_at FROM product_key \
             WHERE key_index = $1",
            params![index],
            |row| {
                let at = row.get("standing_at")?;
                let license = row.optional_id::<LicenseId>("license_id")?;
                let standing = match (row.text("standing")?, license) {
                    ("issued", None) => KeyStanding::Issued { at },
                    ("claims", Some(license)) => KeyStanding::Claims { license, at },
                    ("disabled", _) => KeyStanding::Disabled { at },
                    (other, _) => {
                        return Err(Error::inconsistent("product_key", format!("standing {other}")));
                    }
                };
                Ok(StoredKey {
                    index: row.bytes("key_index")?,
                    batch: row.id("batch_id")?,
                    last_group: row.get("last_group")?,
                    standing,
                })
            },
        )
    }

    /// The batch of a license's product keys.
    pub fn batch_of_license(&mut self, license: LicenseId) -> Result<Option<KeyBatchId>, Error> {
        self.query_one(
            "SELECT batch_id FROM product_key WHERE license_id = $1 LIMIT 1",
            params![license.as_bytes()],
            |row| row.id("batch_id"),
        )
    }
}

impl Tx<'_> {
    /// Stores a new key; `false` if its index exists.
    pub fn insert_product_key(&mut self, key: &StoredKey) -> Result<bool, Error> {
        let (standing, license, at) = match key.standing {
            KeyStanding::Issued { at } => ("issued", None, at),
            KeyStanding::Claims { license, at } => ("claims", Some(license), at),
            KeyStanding::Disabled { at } => ("disabled", None, at),
        };
        let inserted = self.execute(
            "INSERT INTO product_key (key_index, batch_id, last_group, license_id, standing, standing_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key_index) DO NOTHING",
            params![
                &key.index,
                key.batch.as_bytes(),
                &key.last_group,
                license.as_ref().map(LicenseId::as_bytes),
                standing,
                at
            ],
        )?;
        Ok(inserted == 1)
    }

    /// Claims `license` with an unused key; `false` if another transaction used the key first.
    pub fn spend_product_key(
        &mut self,
        index: &[u8; 16],
        license: LicenseId,
        at: Millis,
    ) -> Result<bool, Error> {
        self.change_one(
            "UPDATE product_key SET license_id = $2, standing = 'claims', standing_at = $3 \
             WHERE key_index = $1 AND standing = 'issued'",
            params![index, license.as_bytes(), at],
        )
    }

    /// Disables all keys that claim `license`.
    pub fn disable_product_keys(&mut self, license: LicenseId, at: Millis) -> Result<u64, Error> {
        self.execute(
            "UPDATE product_key SET standing = 'disabled', standing_at = $2 \
             WHERE license_id = $1 AND standing = 'claims'",
            params![license.as_bytes(), at],
        )
    }
}
