//! Licenses. A conditional update claims a seat; seats are not counted first.

use keystead_domain::Millis;
use keystead_domain::license::{License, LicenseStatus, Ownership};
use keystead_protocol::id::{AccountId, LicenseId, ProductId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::connection::statement::update;
use crate::{Error, Tx};

pub(crate) fn license(row: &Row<'_>) -> Result<License, Error> {
    let id = row.id("license_id")?;
    let ownership = match (row.optional_id::<AccountId>("owner_id")?, row.get("owned_since_at")?) {
        (None, None) => Ownership::Held,
        (Some(by), Some(since)) => Ownership::Owned { by, since },
        _ => return Err(Error::inconsistent("license", format!("{id}: owner without time"))),
    };
    let status = match (row.text("license_status")?, row.get("license_status_at")?) {
        ("active", _) => LicenseStatus::Active,
        ("suspended", Some(at)) => LicenseStatus::Suspended { at },
        ("revoked", Some(at)) => LicenseStatus::Revoked { at },
        (other, _) => return Err(Error::inconsistent("license", format!("{id}: status {other}"))),
    };
    Ok(License {
        id,
        product: row.id("product_id")?,
        edition: row.id("edition_id")?,
        policy: row.id("policy_id")?,
        ownership,
        status,
        expires_at: row.get("expires_at")?,
        seats: row.number("seats")?,
        seats_used: row.number("seats_used")?,
        key_last_group: row.get("key_last_group")?,
        claimed_at: row.get("claimed_at")?,
    })
}

fn status_columns(status: LicenseStatus) -> (&'static str, Option<Millis>) {
    match status {
        LicenseStatus::Active => ("active", None),
        LicenseStatus::Suspended { at } => ("suspended", Some(at)),
        LicenseStatus::Revoked { at } => ("revoked", Some(at)),
    }
}

const LAST: LicenseId = LicenseId::from_bytes([0xff; 16]);

/// The columns that [`license`] reads, from a license with the alias `l`.
macro_rules! license_columns {
    () => {
        "l.id AS license_id, l.product_id, l.edition_id, l.policy_id, l.owner_id, l.owned_since_at, \
         l.status AS license_status, l.status_at AS license_status_at, l.expires_at, l.seats, \
         l.seats_used, l.key_last_group, l.claimed_at"
    };
}
pub(crate) use license_columns;

impl Connection {
    /// A license by its id.
    pub fn license_by_id(&mut self, id: LicenseId) -> Result<Option<License>, Error> {
        self.query_one(
            concat!("SELECT ", license_columns!(), " FROM license l WHERE l.id = $1"),
            params![id.as_bytes()],
            license,
        )
    }

    /// The licenses of an account, newest first, starting after `after`.
    pub fn licenses_of_account(
        &mut self,
        owner: AccountId,
        after: Option<LicenseId>,
        limit: u32,
    ) -> Result<Vec<License>, Error> {
        self.query(
            concat!(
                "SELECT ",
                license_columns!(),
                " FROM license l WHERE l.owner_id = $1 AND l.id < $2 ORDER BY l.id DESC LIMIT $3"
            ),
            params![owner.as_bytes(), after.unwrap_or(LAST).as_bytes(), limit],
            license,
        )
    }

    /// Up to 200 licenses of an account for one product, oldest first.
    pub fn licenses_of_account_for_product(
        &mut self,
        owner: AccountId,
        product: ProductId,
    ) -> Result<Vec<License>, Error> {
        self.query(
            concat!(
                "SELECT ",
                license_columns!(),
                " FROM license l WHERE l.owner_id = $1 AND l.product_id = $2 ORDER BY l.id LIMIT 200"
            ),
            params![owner.as_bytes(), product.as_bytes()],
            license,
        )
    }

    /// The licenses of all accounts, newest first, starting after `after`.
    pub fn licenses(&mut self, after: Option<LicenseId>, limit: u32) -> Result<Vec<License>, Error> {
        self.query(
            concat!(
                "SELECT ",
                license_columns!(),
                " FROM license l WHERE l.id < $1 ORDER BY l.id DESC LIMIT $2"
            ),
            params![after.unwrap_or(LAST).as_bytes(), limit],
            license,
        )
    }
}

impl Tx<'_> {
    /// Stores a license.
    pub fn license_insert(&mut self, license: &License) -> Result<(), Error> {
        let (status, status_at) = status_columns(license.status);
        let (owner, since) = match license.ownership {
            Ownership::Held => (None, None),
            Ownership::Owned { by, since } => (Some(by), Some(since)),
        };
        insert!(self.change, "license" {
            id: license.id.as_bytes(),
            product_id: license.product.as_bytes(),
            edition_id: license.edition.as_bytes(),
            policy_id: license.policy.as_bytes(),
            owner_id: owner.as_ref().map(AccountId::as_bytes),
            owned_since_at: since,
            status: status,
            status_at: status_at,
            expires_at: license.expires_at,
            seats: license.seats,
            seats_used: license.seats_used,
            key_last_group: &license.key_last_group,
            claimed_at: license.claimed_at,
        })
    }

    /// Claims a seat; `false` if no seat is free or the license is not active.
    pub fn license_claim_seat(&mut self, license: LicenseId) -> Result<bool, Error> {
        self.change_one(
            "UPDATE license SET seats_used = seats_used + 1 \
             WHERE id = $1 AND status = 'active' AND seats_used < seats",
            params![license.as_bytes()],
        )
    }

    /// Frees a seat.
    pub fn license_free_seat(&mut self, license: LicenseId) -> Result<(), Error> {
        self.change(
            "UPDATE license SET seats_used = seats_used - 1 WHERE id = $1",
            params![license.as_bytes()],
        )
    }

    /// Sets or removes the owner of a license.
    pub fn license_set_ownership(&mut self, license: LicenseId, ownership: Ownership) -> Result<(), Error> {
        let (owner, since) = match ownership {
            Ownership::Held => (None, None),
            Ownership::Owned { by, since } => (Some(by), Some(since)),
        };
        update!(self.change, "license" { id: license.as_bytes() } set {
            owner_id: owner.as_ref().map(AccountId::as_bytes),
            owned_since_at: since,
        })
    }

    /// Sets the status of a license.
    pub fn license_set_status(&mut self, license: LicenseId, status: LicenseStatus) -> Result<(), Error> {
        let (status, at) = status_columns(status);
        update!(self.change, "license" { id: license.as_bytes() } set {
            status: status,
            status_at: at,
        })
    }

    /// Records the last group of the product key that claims a license.
    pub fn license_set_key(&mut self, license: LicenseId, last_group: &str) -> Result<(), Error> {
        self.change(
            "UPDATE license SET key_last_group = $2 WHERE id = $1",
            params![license.as_bytes(), last_group],
        )
    }
}
