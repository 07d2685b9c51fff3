//! Activations, alone and joined with their license and device.

use keystead_domain::Millis;
use keystead_domain::activation::{Activation, ActivationStatus, Drift};
use keystead_domain::license::License;
use keystead_domain::ratchet::{Ratchet, Shown, Value};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::{AccountId, ActivationId, DeviceId, LicenseId};

use crate::connection::Connection;
use crate::connection::json;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::connection::statement::update;
use crate::json_column::{OldBranch, StoredBaseline, StoredBranches};
use crate::licensing::license::{license, license_columns};
use crate::{Error, Tx};

/// An activation and the version of the application that created it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivationRow {
    /// The activation.
    pub activation: Activation,
    /// The application's version.
    pub app_version: String,
}

/// An activation with its license, without the data that only a refresh needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivationSummary {
    /// The activation's id.
    pub id: ActivationId,
    /// The device.
    pub device: DeviceId,
    /// The seat: the id of the activation that claimed it.
    pub seat: ActivationId,
    /// The status.
    pub status: ActivationStatus,
    /// Time of activation.
    pub activated_at: Millis,
    /// Start of the lease: the last activation, refresh or rebind.
    pub refreshed_at: Millis,
    /// The product works without a refresh until this time.
    pub serves_until: Millis,
    /// The license.
    pub license: License,
}

/// An activation with its license and its device's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivationDetails {
    /// The activation.
    pub activation: Activation,
    /// The license.
    pub license: License,
    /// The device's public key.
    pub device_key: DevicePublicKey,
}

impl From<ActivationDetails> for ActivationSummary {
    fn from(details: ActivationDetails) -> Self {
        let ActivationDetails { activation, license, .. } = details;
        Self {
            id: activation.id,
            device: activation.device,
            seat: activation.seat,
            status: activation.status,
            activated_at: activation.activated_at,
            refreshed_at: activation.refreshed_at,
            serves_until: activation.serves_until,
            license,
        }
    }
}

fn shown(row: &Row<'_>, r: &'static str, x: &'static str) -> Result<Option<Shown>, Error> {
    let (r, x): (Option<Value>, Option<Value>) = (row.optional_bytes(r)?, row.optional_bytes(x)?);
    Ok(r.zip(x).map(|(r, x)| Shown { r, x }))
}

fn status(row: &Row<'_>) -> Result<ActivationStatus, Error> {
    let (at, grace) = (row.get::<Option<i64>>("status_at")?, row.get::<Option<i64>>("grace_until_at")?);
    let status = match (row.text("status")?, at, grace) {
        ("active", _, _) => ActivationStatus::Active,
        ("hardware_changed", Some(at), Some(grace_until)) => {
            ActivationStatus::HardwareChanged { at, grace_until }
        }
        ("forked", Some(at), _) => ActivationStatus::Forked { at },
        ("released", Some(at), _) => ActivationStatus::Released { at },
        ("superseded", Some(at), _) => ActivationStatus::Superseded { at },
        ("revoked", Some(at), _) => ActivationStatus::Revoked { at },
        (other, _, _) => return Err(Error::inconsistent("activation", format!("status {other}"))),
    };
    if status.is_live() != row.get::<bool>("live")? {
        return Err(Error::inconsistent("activation", "live does not fit the status"));
    }
    Ok(status)
}

fn status_columns(status: ActivationStatus) -> (&'static str, Option<Millis>, Option<Millis>) {
    match status {
        ActivationStatus::Active => ("active", None, None),
        ActivationStatus::HardwareChanged { at, grace_until } => {
            ("hardware_changed", Some(at), Some(grace_until))
        }
        ActivationStatus::Forked { at } => ("forked", Some(at), None),
        ActivationStatus::Released { at } => ("released", Some(at), None),
        ActivationStatus::Superseded { at } => ("superseded", Some(at), None),
        ActivationStatus::Revoked { at } => ("revoked", Some(at), None),
    }
}

fn activation(row: &Row<'_>) -> Result<Activation, Error> {
    let branches = row.text("left_branches")?;
    let left_branches = json::decode_or_list::<StoredBranches, OldBranch>("left_branches", branches)?;
    Ok(Activation {
        id: row.id("id")?,
        license: row.id("license_id")?,
        device: row.id("device_id")?,
        seat: row.id("seat_id")?,
        status: status(row)?,
        ratchet: Ratchet {
            current: row.bytes("ratchet_current")?,
            sequence: row.number("ratchet_sequence")?,
            previous: shown(row, "previous_r", "previous_x")?,
            left_branches: left_branches.try_into()?,
        },
        baseline: row.json::<StoredBaseline>("baseline")?.into(),
        drift: Drift { points: row.number("drift_points")?, since: row.get("drift_since_at")? },
        activated_at: row.get("activated_at")?,
        refreshed_at: row.get("refreshed_at")?,
        serves_until: row.get("serves_until_at")?,
        floating: row.get("floating")?,
    })
}

fn details(row: &Row<'_>) -> Result<ActivationDetails, Error> {
    Ok(ActivationDetails {
        activation: activation(row)?,
        license: license(row)?,
        device_key: row.device_key("device_key")?,
    })
}

pub(crate) fn summary(row: &Row<'_>) -> Result<ActivationSummary, Error> {
    Ok(ActivationSummary {
        id: row.id("activation_id")?,
        device: row.id("device_id")?,
        seat: row.id("seat_id")?,
        status: status(row)?,
        activated_at: row.get("activated_at")?,
        refreshed_at: row.get("refreshed_at")?,
        serves_until: row.get("serves_until_at")?,
        license: license(row)?,
    })
}

/// SQL condition: the current owner of a license `l` may see the activation `a`.
macro_rules! owners_activation {
    () => {
        "(a.live OR a.status_at >= l.owned_since_at)"
    };
}
pub(crate) use owners_activation;

/// The columns that [`summary`] reads, from an activation `a` and a license `l`.
macro_rules! summary_columns {
    () => {
        concat!(
            "a.id AS activation_id, a.device_id, a.seat_id, a.status_at, a.grace_until_at, a.status, a.live, \
             a.activated_at, a.refreshed_at, a.serves_until_at, ",
            $crate::licensing::license::license_columns!()
        )
    };
}
pub(crate) use summary_columns;

/// The columns that [`activation`] reads, from an activation `a`. The column `license_id` is missing, because
/// the license's columns contain it.
macro_rules! activation_columns {
    () => {
        "a.previous_r, a.previous_x, a.left_branches, a.id, a.device_id, a.seat_id, a.status_at, a.grace_until_at, \
         a.status, a.live, a.ratchet_current, a.ratchet_sequence, a.baseline, a.drift_points, a.drift_since_at, \
         a.activated_at, a.refreshed_at, a.serves_until_at, a.floating"
    };
}
#[cfg(feature = "testing")]
pub(crate) use activation_columns;

macro_rules! select_details {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            activation_columns!(),
            ", ",
            license_columns!(),
            ", d.public_key AS device_key FROM activation a JOIN license l ON l.id = a.license_id \
             JOIN device d ON d.id = a.device_id WHERE ",
            $condition
        )
    };
}

impl Connection {
    /// An activation with its license and its device's key.
    pub fn activation_by_id(&mut self, id: ActivationId) -> Result<Option<ActivationDetails>, Error> {
        self.query_one(select_details!("a.id = $1"), params![id.as_bytes()], details)
    }

    /// An activation with its license, without the data that only a refresh needs.
    pub fn activation_summary(&mut self, id: ActivationId) -> Result<Option<ActivationSummary>, Error> {
        self.query_one(
            concat!(
                "SELECT ",
                summary_columns!(),
                " FROM activation a JOIN license l ON l.id = a.license_id WHERE a.id = $1"
            ),
            params![id.as_bytes()],
            summary,
        )
    }

    /// The public key of an activation's device.
    pub fn device_key_of_activation(&mut self, id: ActivationId) -> Result<Option<DevicePublicKey>, Error> {
        self.query_one(
            "SELECT d.public_key FROM activation a JOIN device d ON d.id = a.device_id WHERE a.id = $1",
            params![id.as_bytes()],
            |row| row.device_key("public_key"),
        )
    }

    /// The live activation of a device on a license.
    pub fn activation_of_device(
        &mut self,
        license: LicenseId,
        device: DeviceId,
    ) -> Result<Option<ActivationDetails>, Error> {
        self.query_one(
            select_details!("a.license_id = $1 AND a.device_id = $2 AND a.live"),
            params![license.as_bytes(), device.as_bytes()],
            details,
        )
    }

    /// The live activations on a seat, least recently refreshed first.
    pub fn activations_of_seat(&mut self, seat: ActivationId) -> Result<Vec<ActivationDetails>, Error> {
        self.query(
            select_details!("a.seat_id = $1 AND a.live ORDER BY a.refreshed_at, a.id"),
            params![seat.as_bytes()],
            details,
        )
    }

    /// Up to `limit` live activations of a license, ordered by device id.
    pub fn activations_of_license(
        &mut self,
        license: LicenseId,
        limit: u32,
    ) -> Result<Vec<ActivationDetails>, Error> {
        self.query(
            select_details!("a.license_id = $1 AND a.live ORDER BY a.device_id LIMIT $2"),
            params![license.as_bytes(), limit],
            details,
        )
    }

    /// The floating activation of a license with the earliest `serves_until`, if that time has passed at
    /// `now`. Seats with another live activation are skipped.
    pub fn activation_lapsed_floating(
        &mut self,
        license: LicenseId,
        now: Millis,
    ) -> Result<Option<ActivationDetails>, Error> {
        self.query_one(
            select_details!(
                "a.license_id = $1 AND a.live AND a.floating AND a.serves_until_at <= $2 AND NOT EXISTS \
                 (SELECT 1 FROM activation b WHERE b.seat_id = a.seat_id AND b.live AND b.id <> a.id) \
                 ORDER BY a.serves_until_at LIMIT 1"
            ),
            params![license.as_bytes(), now],
            details,
        )
    }

    /// Number of other live activations on a device.
    pub fn activation_count_others(&mut self, device: DeviceId, but: ActivationId) -> Result<i64, Error> {
        let count = self.query_one(
            "SELECT COUNT(*) AS others FROM activation WHERE device_id = $1 AND id <> $2 AND live",
            params![device.as_bytes(), but.as_bytes()],
            |row| row.get("others"),
        )?;
        Ok(count.unwrap_or(0))
    }

    /// The latest activations of a device on licenses of `owner`. Activations that ended before `owner` had
    /// the license are left out, because they belong to the former owner.
    pub fn activations_of_device(
        &mut self,
        device: DeviceId,
        owner: AccountId,
        limit: u32,
    ) -> Result<Vec<ActivationSummary>, Error> {
        self.query(
            concat!(
                "SELECT ",
                summary_columns!(),
                " FROM activation a JOIN license l ON l.id = a.license_id \
                 WHERE a.device_id = $1 AND l.owner_id = $2 AND ",
                owners_activation!(),
                " ORDER BY a.id DESC LIMIT $3"
            ),
            params![device.as_bytes(), owner.as_bytes(), limit],
            summary,
        )
    }
}

impl Tx<'_> {
    /// Stores an activation.
    pub fn activation_insert(&mut self, row: &ActivationRow) -> Result<(), Error> {
        let activation = &row.activation;
        let (status, status_at, grace) = status_columns(activation.status);
        let ratchet = &activation.ratchet;
        insert!(self.change, "activation" {
            id: activation.id.as_bytes(),
            license_id: activation.license.as_bytes(),
            device_id: activation.device.as_bytes(),
            seat_id: activation.seat.as_bytes(),
            live: activation.status.is_live(),
            status: status,
            status_at: status_at,
            grace_until_at: grace,
            ratchet_current: &ratchet.current,
            ratchet_sequence: ratchet.sequence as i64,
            baseline: &json::encode("baseline", &StoredBaseline::from(&activation.baseline))?,
            drift_points: activation.drift.points,
            drift_since_at: activation.drift.since,
            app_version: &row.app_version,
            activated_at: activation.activated_at,
            refreshed_at: activation.refreshed_at,
            serves_until_at: activation.serves_until,
            floating: activation.floating,
        })
    }

    /// Sets the status of an activation, and nothing else.
    pub fn activation_set_status(&mut self, id: ActivationId, status: ActivationStatus) -> Result<(), Error> {
        let (name, at, grace) = status_columns(status);
        update!(self.change, "activation" { id: id.as_bytes() } set {
            live: status.is_live(),
            status: name,
            status_at: at,
            grace_until_at: grace,
        })
    }

    /// Stores an activation's new state.
    pub fn activation_update(&mut self, activation: &Activation) -> Result<(), Error> {
        let (status, status_at, grace) = status_columns(activation.status);
        let ratchet = &activation.ratchet;
        let previous = ratchet.previous.as_ref();
        let left_branches = StoredBranches::from(ratchet.left_branches.as_slice());
        update!(self.change, "activation" { id: activation.id.as_bytes() } set {
            live: activation.status.is_live(),
            status: status,
            status_at: status_at,
            grace_until_at: grace,
            ratchet_current: &ratchet.current,
            ratchet_sequence: ratchet.sequence as i64,
            previous_r: previous.map(|pair| &pair.r),
            previous_x: previous.map(|pair| &pair.x),
            left_branches: &json::encode("left_branches", &left_branches)?,
            baseline: &json::encode("baseline", &StoredBaseline::from(&activation.baseline))?,
            drift_points: activation.drift.points,
            drift_since_at: activation.drift.since,
            refreshed_at: activation.refreshed_at,
            serves_until_at: activation.serves_until,
            device_id: activation.device.as_bytes(),
            floating: activation.floating,
        })
    }
}
