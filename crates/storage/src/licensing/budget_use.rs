//! Uses of the budgets of licenses.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, LicenseId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::{Error, Tx};

const BUDGET_USES_OF: &str = "SELECT b.license_id, b.used_at FROM license l JOIN budget_use b ON b.license_id = l.id \
     WHERE l.owner_id = $1 AND l.id >= $2 AND l.id <= $3 AND b.kind = $4 AND b.used_at > $5";
const BUDGET_USES: &str =
    "SELECT used_at FROM budget_use WHERE license_id = $1 AND kind = $2 AND used_at > $3 ORDER BY used_at";
const PRUNE_BUDGET_USES: &str = "DELETE FROM budget_use WHERE id IN \
     (SELECT id FROM budget_use WHERE kind = $1 AND used_at < $2 ORDER BY used_at LIMIT $3)";

impl Connection {
    /// The uses after `since` of budgets of `kind`, for the licenses of `owner` with ids from `first` to
    /// `last`.
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

    /// The times after `since` at which a license's budget of `kind` was used.
    pub fn budget_uses_of_license(
        &mut self,
        license: LicenseId,
        kind: &str,
        since: Millis,
    ) -> Result<Vec<Millis>, Error> {
        self.query(BUDGET_USES, params![license.as_bytes(), kind, since], |row| row.get("used_at"))
    }
}

impl Tx<'_> {
    /// Records a use of a license's budget. `id` can be any unique 16 bytes.
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

    /// Deletes up to `limit` uses of budgets of `kind` that are older than `before`, oldest first.
    pub fn budget_uses_prune(&mut self, kind: &str, before: Millis, limit: u32) -> Result<u64, Error> {
        self.execute(PRUNE_BUDGET_USES, params![kind, before, limit])
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
            (PRUNE_BUDGET_USES, "budget_use_kind (kind=? AND used_at<?)"),
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
