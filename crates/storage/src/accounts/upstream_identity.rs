//! Linked upstream accounts (OpenID Connect). They are identified by issuer and subject, never by an email address.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, UpstreamIdentityId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::{Error, Tx};

/// A linked upstream account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamIdentity {
    /// The id in the database.
    pub id: UpstreamIdentityId,
    /// The issuer URL.
    pub issuer: String,
    /// The account's permanent id at the issuer.
    pub subject: String,
    /// The local account.
    pub account: AccountId,
    /// The display name: the email address of the upstream account.
    pub label: String,
    /// When the upstream account was linked.
    pub created_at: Millis,
    /// Time of the last sign-in with the upstream account.
    pub used_at: Option<Millis>,
}

fn identity(row: &Row<'_>) -> Result<UpstreamIdentity, Error> {
    Ok(UpstreamIdentity {
        id: row.id("id")?,
        issuer: row.get("issuer")?,
        subject: row.get("subject")?,
        account: row.id("account_id")?,
        label: row.get("label")?,
        created_at: row.get("created_at")?,
        used_at: row.get("used_at")?,
    })
}

/// The columns that [`identity`] reads.
macro_rules! identity_columns {
    () => {
        "id, issuer, subject, account_id, label, created_at, used_at"
    };
}
#[cfg(feature = "testing")]
pub(crate) use identity_columns;

impl Connection {
    /// The upstream accounts linked to an account, oldest first.
    pub fn upstream_identities_of_account(
        &mut self,
        account: AccountId,
        limit: u32,
    ) -> Result<Vec<UpstreamIdentity>, Error> {
        self.query(
            concat!(
                "SELECT ",
                identity_columns!(),
                " FROM upstream_identity WHERE account_id = $1 ORDER BY id LIMIT $2"
            ),
            params![account.as_bytes(), limit],
            identity,
        )
    }

    /// The upstream account with this issuer and subject.
    pub fn upstream_identity_by_subject(
        &mut self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<UpstreamIdentity>, Error> {
        self.query_one(
            concat!(
                "SELECT ",
                identity_columns!(),
                " FROM upstream_identity WHERE issuer = $1 AND subject = $2"
            ),
            params![issuer, subject],
            identity,
        )
    }
}

impl Tx<'_> {
    /// Links an upstream account; `false` if it is linked already.
    pub fn upstream_identity_insert(&mut self, identity: &UpstreamIdentity) -> Result<bool, Error> {
        let stored = insert!(self.execute, "upstream_identity" {
            id: identity.id.as_bytes(),
            issuer: &identity.issuer,
            subject: &identity.subject,
            account_id: identity.account.as_bytes(),
            label: &identity.label,
            created_at: identity.created_at,
        } "ON CONFLICT (issuer, subject) DO NOTHING")?;
        self.account_credential_changed(identity.account, stored)
    }

    /// Records a sign-in with an upstream account; `false` if it is no longer linked.
    pub fn upstream_identity_use(&mut self, id: UpstreamIdentityId, now: Millis) -> Result<bool, Error> {
        let used = self.execute(
            "UPDATE upstream_identity SET used_at = $2 WHERE id = $1",
            params![id.as_bytes(), now],
        )?;
        Ok(used == 1)
    }

    /// Unlinks an upstream account; `false` if the account has no such link.
    pub fn upstream_identity_delete(
        &mut self,
        account: AccountId,
        id: UpstreamIdentityId,
    ) -> Result<bool, Error> {
        let removed = self.execute(
            "DELETE FROM upstream_identity WHERE id = $1 AND account_id = $2",
            params![id.as_bytes(), account.as_bytes()],
        )?;
        self.account_credential_changed(account, removed)
    }
}
