//! Devices, known by their public keys.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, DeviceId};

use crate::connection::Reader;
use crate::param::params;
use crate::row::Row;
use crate::{Error, Tx};

/// A device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Its Ed25519 public key.
    pub public_key: [u8; 32],
    /// Its name.
    pub name: String,
    /// Operating system and version.
    pub platform: String,
    /// When it was first seen.
    pub created_at: Millis,
    /// When it was last seen.
    pub last_seen_at: Millis,
}

fn device(row: &Row<'_>) -> Result<Device, Error> {
    Ok(Device {
        id: row.id("id")?,
        public_key: row.bytes("public_key")?,
        name: row.get("name")?,
        platform: row.get("platform")?,
        created_at: row.get("created_at")?,
        last_seen_at: row.get("last_seen_at")?,
    })
}

const LAST: DeviceId = DeviceId::from_bytes([0xff; 16]);

impl Reader {
    /// A device by its id.
    pub fn device(&mut self, id: DeviceId) -> Result<Option<Device>, Error> {
        self.query_one(
            "SELECT id, public_key, name, platform, created_at, last_seen_at FROM device WHERE id = $1",
            params![id.as_bytes()],
            device,
        )
    }

    /// A device by its public key.
    pub fn device_by_key(&mut self, public_key: &[u8; 32]) -> Result<Option<Device>, Error> {
        self.query_one(
            "SELECT id, public_key, name, platform, created_at, last_seen_at FROM device WHERE public_key = $1",
            params![public_key],
            device,
        )
    }

    /// The devices that use or used a license of `owner`, newest first, those after `after` in this order.
    pub fn devices_of(
        &mut self,
        owner: AccountId,
        after: Option<DeviceId>,
        limit: u32,
    ) -> Result<Vec<Device>, Error> {
        self.query(
            "SELECT id, public_key, name, platform, created_at, last_seen_at FROM device WHERE id < $2 AND id IN \
             (SELECT a.device_id FROM activation a JOIN license l ON l.id = a.license_id WHERE l.owner_id = $1) \
             ORDER BY id DESC LIMIT $3",
            params![owner.as_bytes(), after.unwrap_or(LAST).as_bytes(), limit],
            device,
        )
    }
}

impl Tx<'_> {
    /// Stores a device.
    pub fn insert_device(&mut self, device: &Device) -> Result<(), Error> {
        self.change(
            "INSERT INTO device (id, public_key, name, platform, created_at, last_seen_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                device.id.as_bytes(),
                &device.public_key,
                &device.name,
                &device.platform,
                device.created_at,
                device.last_seen_at,
            ],
        )
    }

    /// Gives a device another key, after its owner or its hardware vouched for it.
    pub fn set_device_key(&mut self, id: DeviceId, public_key: &[u8; 32], now: Millis) -> Result<(), Error> {
        self.change(
            "UPDATE device SET public_key = $2, last_seen_at = $3 WHERE id = $1",
            params![id.as_bytes(), public_key, now],
        )
    }

    /// Notes that a device was seen.
    pub fn touch_device(&mut self, id: DeviceId, now: Millis) -> Result<(), Error> {
        self.change("UPDATE device SET last_seen_at = $2 WHERE id = $1", params![id.as_bytes(), now])
    }

    /// Renames a device.
    pub fn rename_device(&mut self, id: DeviceId, name: &str) -> Result<(), Error> {
        self.change("UPDATE device SET name = $2 WHERE id = $1", params![id.as_bytes(), name])
    }
}
