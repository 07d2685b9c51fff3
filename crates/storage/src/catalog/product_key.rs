//! Product keys, stored under a keyed index that only the server can compute.

use keystead_domain::Millis;
use keystead_protocol::id::{KeyBatchId, LicenseId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::connection::statement::update;
use crate::{Error, Tx};

/// The status of a product key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductKeyStatus {
    /// Issued and unused.
    Issued {
        /// Time of issue.
        at: Millis,
    },
    /// The key claims a license.
    Claims {
        /// The license.
        license: LicenseId,
        /// Time of the claim.
        at: Millis,
    },
    /// Replaced or withdrawn. The key claims no license.
    Disabled {
        /// Time of disabling.
        at: Millis,
    },
}

/// A stored product key. Only the last five of its 25 symbols are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// The keyed index.
    pub index: [u8; 16],
    /// The batch.
    pub batch: KeyBatchId,
    /// The last five symbols.
    pub last_group: String,
    /// The status.
    pub status: ProductKeyStatus,
}

impl Connection {
    /// A product key by its index.
    pub fn product_key_by_index(&mut self, index: &[u8; 16]) -> Result<Option<StoredKey>, Error> {
        self.query_one(
            "SELECT key_index, batch_id, last_group, license_id, status, status_at FROM product_key \
             WHERE key_index = $1",
            params![index],
            |row| {
                let at = row.get("status_at")?;
                let license = row.optional_id::<LicenseId>("license_id")?;
                let status = match (row.text("status")?, license) {
                    ("issued", None) => ProductKeyStatus::Issued { at },
                    ("claims", Some(license)) => ProductKeyStatus::Claims { license, at },
                    ("disabled", _) => ProductKeyStatus::Disabled { at },
                    (other, _) => {
                        return Err(Error::inconsistent("product_key", format!("status {other}")));
                    }
                };
                Ok(StoredKey {
                    index: row.bytes("key_index")?,
                    batch: row.id("batch_id")?,
                    last_group: row.get("last_group")?,
                    status,
                })
            },
        )
    }

    /// The batch of a license's product keys.
    pub fn key_batch_of_license(&mut self, license: LicenseId) -> Result<Option<KeyBatchId>, Error> {
        self.query_one(
            "SELECT batch_id FROM product_key WHERE license_id = $1 LIMIT 1",
            params![license.as_bytes()],
            |row| row.id("batch_id"),
        )
    }
}

impl Tx<'_> {
    /// Stores a new key; `false` if its index exists.
    pub fn product_key_insert(&mut self, key: &StoredKey) -> Result<bool, Error> {
        let (status, license, at) = match key.status {
            ProductKeyStatus::Issued { at } => ("issued", None, at),
            ProductKeyStatus::Claims { license, at } => ("claims", Some(license), at),
            ProductKeyStatus::Disabled { at } => ("disabled", None, at),
        };
        let inserted = insert!(self.execute, "product_key" {
            key_index: &key.index,
            batch_id: key.batch.as_bytes(),
            last_group: &key.last_group,
            license_id: license.as_ref().map(LicenseId::as_bytes),
            status: status,
            status_at: at,
        } "ON CONFLICT (key_index) DO NOTHING")?;
        Ok(inserted == 1)
    }

    /// Claims `license` with an unused key; `false` if another transaction used the key first.
    pub fn product_key_claim(
        &mut self,
        index: &[u8; 16],
        license: LicenseId,
        at: Millis,
    ) -> Result<bool, Error> {
        update!(self.change_one, "product_key" { key_index: index } set {
            license_id: license.as_bytes(),
            status: "claims",
            status_at: at,
        } "AND status = 'issued'")
    }

    /// Disables all keys that claim `license`.
    pub fn product_keys_disable(&mut self, license: LicenseId, at: Millis) -> Result<u64, Error> {
        update!(self.execute, "product_key" { license_id: license.as_bytes() } set {
            status: "disabled",
            status_at: at,
        } "AND status = 'claims'")
    }
}
