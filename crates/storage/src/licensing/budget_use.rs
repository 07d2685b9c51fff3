//! Uses of the budgets of licenses.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, LicenseId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::{Error, Tx};

impl Connection {
    /// The times since `since` when budgets of `kind` were used, for `owner`'s licenses from `first` to `last`.
    pub fn budget_uses_of_account(
        &mut self,
        owner: AccountId,
        (first, last): (LicenseId, LicenseId),
        kind: &str,
        since: Millis,
    ) -> Result<Vec<(LicenseId, Millis)>, Error> {
        self.query(
            "SELECT b.license_id, b.used_at FROM license l JOIN budget_use b ON b.license_id = l.id \
             WHERE l.owner_id = $1 AND l.id >= $2 AND l.id <= $3 AND b.kind = $4 AND b.used_at > $5",
            params![owner.as_bytes(), first.as_bytes(), last.as_bytes(), kind, since],
            |row| Ok((row.id("license_id")?, row.get("used_at")?)),
        )
    }

    /// The times since `since` when a license's budget of `kind` was used.
    pub fn budget_uses_of_license(
        &mut self,
        license: LicenseId,
        kind: &str,
        since: Millis,
    ) -> Result<Vec<Millis>, Error> {
        self.query(
            "SELECT used_at FROM budget_use WHERE license_id = $1 AND kind = $2 AND used_at > $3 ORDER BY used_at",
            params![license.as_bytes(), kind, since],
            |row| row.get("used_at"),
        )
    }
}

impl Tx<'_> {
    /// Records a use of a license's budget. `id` is any unique 16 bytes.
    pub fn budget_use_insert(
        &mut self,
        id: [u8; 16],
        license: LicenseId,
        kind: &str,
        at: Millis,
    ) -> Result<(), Error> {
        insert!(self.change, "budget_use" {
            id: &id,
            license_id: license.as_bytes(),
            kind: kind,
            used_at: at,
        })
    }
}
