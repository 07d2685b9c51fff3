//! Devices, identified by their public keys.

use keystead_domain::Millis;
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::{AccountId, DeviceId, LicenseId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::connection::statement::update;
use crate::licensing::activation::{ActivationSummary, owners_activation, summary, summary_columns};
use crate::{Error, Tx};

/// A device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The device's id.
    pub id: DeviceId,
    /// The public key.
    pub public_key: DevicePublicKey,
    /// The name.
    pub name: String,
    /// Operating system and version.
    pub platform: String,
    /// Time of the first contact.
    pub created_at: Millis,
    /// Time of the last contact.
    pub last_seen_at: Millis,
}

fn device(row: &Row<'_>) -> Result<Device, Error> {
    Ok(Device {
        id: row.id("id")?,
        public_key: row.device_key("public_key")?,
        name: row.get("name")?,
        platform: row.get("platform")?,
        created_at: row.get("created_at")?,
        last_seen_at: row.get("last_seen_at")?,
    })
}

/// An entry of an account's device list. The list groups devices by license, newest license first. A device
/// appears once, under the newest license that it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The license under which the device is listed.
    pub license: LicenseId,
    /// The device.
    pub device: Device,
    /// The device's latest activations on the account's licenses, including ended ones.
    pub activations: Vec<ActivationSummary>,
}

impl Listed {
    /// The entry's position in the list.
    pub fn place(&self) -> (LicenseId, DeviceId) {
        (self.license, self.device.id)
    }
}

const LAST_LICENSE: LicenseId = LicenseId::from_bytes([0xff; 16]);
const LAST: DeviceId = DeviceId::from_bytes([0xff; 16]);

/// The columns that [`device`] reads, from a device with the alias `d`.
macro_rules! device_columns {
    () => {
        "d.id, d.public_key, d.name, d.platform, d.created_at, d.last_seen_at"
    };
}
#[cfg(feature = "testing")]
pub(crate) use device_columns;

impl Connection {
    /// A device by its id.
    pub fn device_by_id(&mut self, id: DeviceId) -> Result<Option<Device>, Error> {
        self.query_one(
            concat!("SELECT ", device_columns!(), " FROM device d WHERE d.id = $1"),
            params![id.as_bytes()],
            device,
        )
    }

    /// A device by its public key.
    pub fn device_by_key(&mut self, public_key: DevicePublicKey) -> Result<Option<Device>, Error> {
        self.query_one(
            concat!("SELECT ", device_columns!(), " FROM device d WHERE d.public_key = $1"),
            params![public_key.as_bytes()],
            device,
        )
    }

    /// One page of the devices that have used a license of `owner` since `owner` received it. The page starts
    /// after `after`. Each device has up to `activations` activations. The queries follow indexes and stop at
    /// the end of the page, so the number of other devices does not matter. Licenses whose devices are all
    /// listed under newer licenses add nothing to the page.
    pub fn devices_of_account(
        &mut self,
        owner: AccountId,
        after: Option<(LicenseId, DeviceId)>,
        limit: u32,
        activations: u32,
    ) -> Result<Vec<Listed>, Error> {
        let mut page = Vec::new();
        if let Some((license, device)) = after {
            self.list_devices(&mut page, owner, (license, device), limit, activations)?;
        }
        let mut last = after.map_or(LAST_LICENSE, |(license, _)| license);
        let mut more = true;
        while more && page.len() < limit as usize {
            let licenses = self.licenses_in_use(owner, last, limit)?;
            more = licenses.len() == limit as usize;
            for license in licenses {
                self.list_devices(&mut page, owner, (license, LAST), limit, activations)?;
                last = license;
            }
        }
        Ok(page)
    }

    /// Fills the page from the device list of one license, starting after `after`.
    fn list_devices(
        &mut self,
        page: &mut Vec<Listed>,
        owner: AccountId,
        (license, mut after): (LicenseId, DeviceId),
        limit: u32,
        activations: u32,
    ) -> Result<(), Error> {
        let mut more = true;
        while more && page.len() < limit as usize {
            let missing = limit as usize - page.len();
            let rows = self.activations_in_list(owner, license, after, missing + 1)?;
            more = rows.len() > missing;
            let mut entries = by_device(rows);
            if let Some(last) = entries.last_mut() {
                last.whole &= !more;
            }
            for Entry { device, activations: mut known, whole } in entries.into_iter().take(missing) {
                after = device.id;
                if !whole {
                    known = self.activations_of_device(device.id, owner, activations)?;
                }
                known.truncate(activations as usize);
                page.push(Listed { license, device, activations: known });
            }
        }
        Ok(())
    }

    /// The activations in the device list of one license, for devices after `after`. The flag tells whether
    /// the device has activations on other licenses.
    fn activations_in_list(
        &mut self,
        owner: AccountId,
        license: LicenseId,
        after: DeviceId,
        limit: usize,
    ) -> Result<Vec<(Device, ActivationSummary, bool)>, Error> {
        // The last subquery tests whether a newer license lists the device. In this form, neither database
        // turns it into a full join.
        self.query(
            concat!(
                "SELECT ",
                device_columns!(),
                ", ",
                summary_columns!(),
                ", (SELECT TRUE FROM activation b WHERE b.device_id = a.device_id AND b.license_id <> $2 LIMIT 1) \
                 AS elsewhere FROM activation a JOIN license l ON l.id = a.license_id JOIN device d ON d.id = a.device_id \
                 WHERE a.license_id = $2 AND l.owner_id = $1 AND a.device_id < $3 AND ",
                owners_activation!(),
                " AND (SELECT TRUE FROM activation b CROSS JOIN license m WHERE b.device_id = a.device_id \
                  AND b.license_id > $2 AND m.id = b.license_id AND m.owner_id = $1 \
                  AND (b.live OR b.status_at >= m.owned_since_at) LIMIT 1) IS NULL \
                 ORDER BY a.device_id DESC, a.id DESC LIMIT $4"
            ),
            params![owner.as_bytes(), license.as_bytes(), after.as_bytes(), limit as i64],
            |row| Ok((device(row)?, summary(row)?, row.get::<Option<bool>>("elsewhere")?.is_some())),
        )
    }

    /// The licenses of `owner` that devices use or used, newest first, starting after `after`.
    fn licenses_in_use(
        &mut self,
        owner: AccountId,
        after: LicenseId,
        limit: u32,
    ) -> Result<Vec<LicenseId>, Error> {
        self.query(
            concat!(
                "SELECT l.id FROM license l WHERE l.owner_id = $1 AND l.id < $2 AND \
                 (SELECT TRUE FROM activation a WHERE a.license_id = l.id AND ",
                owners_activation!(),
                " LIMIT 1) ORDER BY l.id DESC LIMIT $3"
            ),
            params![owner.as_bytes(), after.as_bytes(), limit],
            |row| row.id("id"),
        )
    }
}

/// A device with its activations on one license. `whole` tells whether the device has no other activations.
struct Entry {
    device: Device,
    activations: Vec<ActivationSummary>,
    whole: bool,
}

fn by_device(rows: Vec<(Device, ActivationSummary, bool)>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (device, activation, elsewhere) in rows {
        match entries.last_mut() {
            Some(entry) if entry.device.id == device.id => entry.activations.push(activation),
            _ => entries.push(Entry { device, activations: vec![activation], whole: !elsewhere }),
        }
    }
    entries
}

impl Tx<'_> {
    /// Stores a device.
    pub fn device_insert(&mut self, device: &Device) -> Result<(), Error> {
        insert!(self.change, "device" {
            id: device.id.as_bytes(),
            public_key: device.public_key.as_bytes(),
            name: &device.name,
            platform: &device.platform,
            created_at: device.created_at,
            last_seen_at: device.last_seen_at,
        })
    }

    /// Sets a device's key, after the owner or the hardware confirmed the device.
    pub fn device_set_key(
        &mut self,
        id: DeviceId,
        public_key: DevicePublicKey,
        now: Millis,
    ) -> Result<(), Error> {
        update!(self.change, "device" { id: id.as_bytes() } set {
            public_key: public_key.as_bytes(),
            last_seen_at: now,
        })
    }

    /// Records the time of a device's contact.
    pub fn device_touch(&mut self, id: DeviceId, now: Millis) -> Result<(), Error> {
        self.change("UPDATE device SET last_seen_at = $2 WHERE id = $1", params![id.as_bytes(), now])
    }

    /// Sets the platform that a device reports.
    pub fn device_set_platform(&mut self, id: DeviceId, platform: &str) -> Result<(), Error> {
        self.change("UPDATE device SET platform = $2 WHERE id = $1", params![id.as_bytes(), platform])
    }

    /// Renames a device.
    pub fn device_rename(&mut self, id: DeviceId, name: &str) -> Result<(), Error> {
        self.change("UPDATE device SET name = $2 WHERE id = $1", params![id.as_bytes(), name])
    }
}
