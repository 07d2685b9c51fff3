//! Licenses. A seat is claimed by a conditional update, never by counting first.

use keystead_domain::Millis;
use keystead_domain::license::{License, LicenseStatus, Ownership};
use keystead_protocol::id::{AccountId, LicenseId, ProductId};

use crate::connection::Connection;
use crate::param::params;
use crate::row::Row;
use crate::{Error, Tx};

/// A consent given by an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The license that it covers.
    pub license: LicenseId,
    /// Its purpose.
    pub purpose: String,
    /// The version of the text shown.
    pub version: u32,
    /// Time of consent.
    pub given_at: Millis,
}

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

const BUDGET_USES_OF: &str = "SELECT b.license_id, b.used_at FROM license l JOIN budget_use b ON b.license_id = l.id \
     WHERE l.owner_id = $1 AND l.id >= $2 AND l.id <= $3 AND b.kind = $4 AND b.used_at > $5";
const BUDGET_USES: &str =
    "SELECT used_at FROM budget_use WHERE license_id = $1 AND kind = $2 AND used_at > $3 ORDER BY used_at";
const DELETE_BUDGET_USES: &str = "DELETE FROM budget_use WHERE id IN \
     (SELECT id FROM budget_use WHERE kind = $1 AND used_at < $2 ORDER BY used_at LIMIT $3)";

impl Connection {
    /// A license by its id.
    pub fn license_by_id(&mut self, id: LicenseId) -> Result<Option<License>, Error> {
        self.query_one(
            "SELECT id AS license_id, product_id, edition_id, policy_id, owner_id, owned_since_at, \
             status AS license_status, status_at AS license_status_at, expires_at, seats, seats_used, \
             key_last_group, claimed_at FROM license WHERE id = $1",
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
            "SELECT id AS license_id, product_id, edition_id, policy_id, owner_id, owned_since_at, \
             status AS license_status, status_at AS license_status_at, expires_at, seats, seats_used, \
             key_last_group, claimed_at FROM license WHERE owner_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            params![owner.as_bytes(), after.unwrap_or(LAST).as_bytes(), limit],
            license,
        )
    }

    /// The licenses of an account for one product, oldest first.
    pub fn licenses_of_account_for_product(&mut self, owner: AccountId, product: ProductId) -> Result<Vec<License>, Error> {
        self.query(
            "SELECT id AS license_id, product_id, edition_id, policy_id, owner_id, owned_since_at, \
             status AS license_status, status_at AS license_status_at, expires_at, seats, seats_used, \
             key_last_group, claimed_at FROM license WHERE owner_id = $1 AND product_id = $2 ORDER BY id LIMIT 200",
            params![owner.as_bytes(), product.as_bytes()],
            license,
        )
    }

    /// All licenses, newest first.
    pub fn licenses(&mut self, after: Option<LicenseId>, limit: u32) -> Result<Vec<License>, Error> {
        self.query(
            "SELECT id AS license_id, product_id, edition_id, policy_id, owner_id, owned_since_at, \
             status AS license_status, status_at AS license_status_at, expires_at, seats, seats_used, \
             key_last_group, claimed_at FROM license WHERE id < $1 ORDER BY id DESC LIMIT $2",
            params![after.unwrap_or(LAST).as_bytes(), limit],
            license,
        )
    }

    /// The consents of an account, oldest first.
    pub fn consents_of_account(&mut self, account: AccountId) -> Result<Vec<Consent>, Error> {
        self.query(
            "SELECT license_id, purpose, version, given_at FROM consent WHERE account_id = $1 ORDER BY given_at",
            params![account.as_bytes()],
            |row| {
                Ok(Consent {
                    license: row.id("license_id")?,
                    purpose: row.get("purpose")?,
                    version: row.number("version")?,
                    given_at: row.get("given_at")?,
                })
            },
        )
    }

    /// The times since `since` when budgets of `kind` were used, for `owner`'s licenses from `first` to `last`.
    pub fn budget_uses_of_account(
        &mut self,
        owner: AccountId,
        (first, last): (LicenseId, LicenseId),
        kind: &str,
        since: Millis,
    ) -> Result<Vec<(LicenseId, Millis)>, Error> {
        self.query(
            BUDGET_USES_OF,
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
        self.query(BUDGET_USES, params![license.as_bytes(), kind, since], |row| row.get("used_at"))
    }
}

const LAST: LicenseId = LicenseId::from_bytes([0xff; 16]);

impl Tx<'_> {
    /// Stores a license.
    pub fn license_insert(&mut self, license: &License) -> Result<(), Error> {
        let (status, status_at) = status_columns(license.status);
        let (owner, since) = match license.ownership {
            Ownership::Held => (None, None),
            Ownership::Owned { by, since } => (Some(by), Some(since)),
        };
        self.change(
            "INSERT INTO license (id, product_id, edition_id, policy_id, owner_id, owned_since_at, status, \
             status_at, expires_at, seats, seats_used, key_last_group, claimed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            params![
                license.id.as_bytes(),
                license.product.as_bytes(),
                license.edition.as_bytes(),
                license.policy.as_bytes(),
                owner.as_ref().map(AccountId::as_bytes),
                since,
                status,
                status_at,
                license.expires_at,
                license.seats,
                license.seats_used,
                &license.key_last_group,
                license.claimed_at,
            ],
        )
    }

    /// Claims a seat; `false` if none is free.
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

    /// Sets the holder of a license.
    pub fn license_set_ownership(&mut self, license: LicenseId, ownership: Ownership) -> Result<(), Error> {
        let (owner, since) = match ownership {
            Ownership::Held => (None, None),
            Ownership::Owned { by, since } => (Some(by), Some(since)),
        };
        self.change(
            "UPDATE license SET owner_id = $2, owned_since_at = $3 WHERE id = $1",
            params![license.as_bytes(), owner.as_ref().map(AccountId::as_bytes), since],
        )
    }

    /// Sets the status of a license.
    pub fn license_set_status(&mut self, license: LicenseId, status: LicenseStatus) -> Result<(), Error> {
        let (status, at) = status_columns(status);
        self.change(
            "UPDATE license SET status = $2, status_at = $3 WHERE id = $1",
            params![license.as_bytes(), status, at],
        )
    }

    /// Records the key that claims a license.
    pub fn license_set_key(&mut self, license: LicenseId, last_group: &str) -> Result<(), Error> {
        self.change(
            "UPDATE license SET key_last_group = $2 WHERE id = $1",
            params![license.as_bytes(), last_group],
        )
    }

    /// Records a use of a license's budget. `id` is any unique 16 bytes.
    pub fn budget_use_insert(
        &mut self,
        id: [u8; 16],
        license: LicenseId,
        kind: &str,
        at: Millis,
    ) -> Result<(), Error> {
        self.change(
            "INSERT INTO budget_use (id, license_id, kind, used_at) VALUES ($1, $2, $3, $4)",
            params![&id, license.as_bytes(), kind, at],
        )
    }

    /// Deletes up to `limit` uses of budgets of `kind` from before `before`, the oldest first.
    pub fn delete_budget_uses(&mut self, kind: &str, before: Millis, limit: u32) -> Result<u64, Error> {
        self.execute(DELETE_BUDGET_USES, params![kind, before, limit])
    }

    /// Records the consent of `account` to `purpose` for `license`, in the text's `version`.
    pub fn consent_insert(
        &mut self,
        account: AccountId,
        license: LicenseId,
        purpose: &str,
        version: u32,
        at: Millis,
    ) -> Result<(), Error> {
        self.change(
            "INSERT INTO consent (account_id, license_id, purpose, version, given_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (account_id, license_id, purpose, given_at) DO NOTHING",
            params![account.as_bytes(), license.as_bytes(), purpose, version, at],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_of_budgets_are_counted_and_deleted_by_an_index() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        for step in crate::migrations() {
            database.execute_batch(step.sqlite).unwrap();
        }
        for (sql, index) in [
            (BUDGET_USES, "budget_use_license (license_id=? AND kind=? AND used_at>?)"),
            (BUDGET_USES_OF, "budget_use_license (license_id=? AND kind=? AND used_at>?)"),
            (DELETE_BUDGET_USES, "budget_use_kind (kind=? AND used_at<?)"),
        ] {
            let mut explain = database.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let nothing = vec![rusqlite::types::Null; explain.parameter_count()];
            let steps = explain
                .query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>("detail"))
                .unwrap();
            let plan: Vec<String> = steps.map(Result::unwrap).collect();
            assert!(plan.iter().any(|step| step.contains(index)), "{sql}: {plan:?}");
            assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{sql}: {plan:?}");
        }
    }
}
