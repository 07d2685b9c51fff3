//! Consents of accounts.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, LicenseId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::{Error, Tx};

/// A consent given by an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The license that the consent covers.
    pub license: LicenseId,
    /// The purpose.
    pub purpose: String,
    /// The version of the text shown.
    pub version: u32,
    /// Time of consent.
    pub given_at: Millis,
}

impl Connection {
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
}

impl Tx<'_> {
    /// Records that `account` consented to `purpose` for `license`. `version` is the version of the text
    /// shown.
    pub fn consent_insert(
        &mut self,
        account: AccountId,
        license: LicenseId,
        purpose: &str,
        version: u32,
        at: Millis,
    ) -> Result<(), Error> {
        insert!(self.change, "consent" {
            account_id: account.as_bytes(),
            license_id: license.as_bytes(),
            purpose: purpose,
            version: version,
            given_at: at,
        } "ON CONFLICT (account_id, license_id, purpose, given_at) DO NOTHING")
    }
}
