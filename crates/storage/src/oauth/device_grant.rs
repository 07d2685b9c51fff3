//! Device authorization grants.

use keystead_domain::Millis;
use keystead_domain::device_grant::{Approver, DeviceGrant, GrantStatus};
use keystead_protocol::id::{AccountId, GrantId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::{Digest, Error, Tx};

fn grant(row: &Row<'_>) -> Result<DeviceGrant, Error> {
    let account = row.optional_id::<AccountId>("account_id")?;
    let approver = account.zip(row.get("authenticated_at")?);
    let approver = approver.map(|(account, authenticated_at)| Approver { account, authenticated_at });
    let status = match (row.text("status")?, row.get("status_at")?, approver) {
        ("pending", _, _) => GrantStatus::Pending,
        ("approved", Some(at), Some(by)) => GrantStatus::Approved { by, at },
        ("denied", Some(at), _) => GrantStatus::Denied { at },
        ("consumed", Some(at), _) => GrantStatus::Consumed { at },
        (other, _, _) => return Err(Error::inconsistent("device_grant", format!("status {other}"))),
    };
    Ok(DeviceGrant {
        id: row.id("id")?,
        client: row.get("client")?,
        device_name: row.get("device_name")?,
        scope: row.get("scope")?,
        max_age: row.get("max_age")?,
        status,
        expires_at: row.get("expires_at")?,
        polled_at: row.get("polled_at")?,
    })
}

/// The columns that [`grant`] reads.
macro_rules! grant_columns {
    () => {
        "id, client, device_name, scope, max_age, status, status_at, account_id, authenticated_at, \
         expires_at, polled_at"
    };
}
#[cfg(feature = "testing")]
pub(crate) use grant_columns;

impl Connection {
    /// A grant by the digest of its device code, which the application holds.
    pub fn grant_by_device_code(&mut self, digest: &Digest) -> Result<Option<DeviceGrant>, Error> {
        self.query_one(
            concat!("SELECT ", grant_columns!(), " FROM device_grant WHERE device_code_digest = $1"),
            params![digest],
            grant,
        )
    }

    /// A grant by the digest of its user code, which a person types.
    pub fn grant_by_user_code(&mut self, digest: &Digest) -> Result<Option<DeviceGrant>, Error> {
        self.query_one(
            concat!("SELECT ", grant_columns!(), " FROM device_grant WHERE user_code_digest = $1"),
            params![digest],
            grant,
        )
    }
}

impl Tx<'_> {
    /// Stores a grant under the digests of its two codes.
    pub fn grant_insert(
        &mut self,
        grant: &DeviceGrant,
        device_code: &Digest,
        user_code: &Digest,
    ) -> Result<(), Error> {
        insert!(self.change, "device_grant" {
            id: grant.id.as_bytes(),
            device_code_digest: device_code,
            user_code_digest: user_code,
            client: &grant.client,
            device_name: &grant.device_name,
            scope: &grant.scope,
            max_age: grant.max_age,
            status: "pending",
            expires_at: grant.expires_at,
        })
    }

    /// Sets the status of a grant.
    pub fn grant_set_status(&mut self, id: GrantId, status: GrantStatus) -> Result<(), Error> {
        let (name, at, approver) = match status {
            GrantStatus::Pending => ("pending", None, None),
            GrantStatus::Approved { by, at } => ("approved", Some(at), Some(by)),
            GrantStatus::Denied { at } => ("denied", Some(at), None),
            GrantStatus::Consumed { at } => ("consumed", Some(at), None),
        };
        self.change(
            "UPDATE device_grant SET status = $2, status_at = $3, account_id = COALESCE($4, account_id), \
             authenticated_at = COALESCE($5, authenticated_at) WHERE id = $1",
            params![
                id.as_bytes(),
                name,
                at,
                approver.as_ref().map(|by| by.account.as_bytes()),
                approver.map(|by| by.authenticated_at),
            ],
        )
    }

    /// Records the time of the application's poll.
    pub fn grant_note_poll(&mut self, id: GrantId, now: Millis) -> Result<(), Error> {
        self.change("UPDATE device_grant SET polled_at = $2 WHERE id = $1", params![id.as_bytes(), now])
    }
}
