//! Product keys, stored under an index that only the server's secret can compute.

use keystead_domain::Millis;
use keystead_protocol::id::{KeyBatchId, LicenseId};

use crate::connection::Reader;
use crate::param::params;
use crate::{Error, Tx};

/// Where a product key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStanding {
    /// Made, and never used.
    Issued {
        /// When.
        at: Millis,
    },
    /// It claims a license.
    Claims {
        /// The license.
        license: LicenseId,
        /// Since when.
        at: Millis,
    },
    /// It was replaced or withdrawn and claims nothing any more.
    Disabled {
        /// Since when.
        at: Millis,
    },
}

/// A product key as it is stored: never its symbols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// What it is stored under.
    pub index: [u8; 16],
    /// The batch it was made in.
    pub batch: KeyBatchId,
    /// Its last five symbols.
    pub last_group: String,
    /// Where it stands.
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

    /// The batch that a license's keys were made in.
    pub fn batch_of_license(&mut self, license: LicenseId) -> Result<Option<KeyBatchId>, Error> {
        self.query_one(
            "SELECT batch_id FROM product_key WHERE license_id = $1 LIMIT 1",
            params![license.as_bytes()],
            |row| row.id("batch_id"),
        )
    }
}

impl Tx<'_> {
    /// Stores a new key; `false` when its index exists already.
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

    /// Lets a key that was never used claim `license`; `false` when somebody was faster.
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
