//! One-time links in emails. Opening a link proves access to the mailbox.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, LicenseId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::{Digest, Error, Tx};

/// A link that was sent to an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailLink {
    /// The address.
    pub email: String,
    /// The purpose of the link.
    pub purpose: LinkPurpose,
    /// When the link expires.
    pub expires_at: Millis,
}

/// The purpose of a link in an email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Creates the requested account.
    SignUp {
        /// The person's name.
        name: String,
        /// The password's hash in PHC form.
        password_hash: String,
    },
    /// Sets a new password for an account.
    Recover(AccountId),
    /// Changes an account's address to the link's address.
    ChangeEmail(AccountId),
    /// Transfers a license to the person who opens the link.
    Transfer {
        /// The current owner.
        owner: AccountId,
        /// The license.
        license: LicenseId,
    },
}

fn email_link(row: &Row<'_>) -> Result<EmailLink, Error> {
    let account = row.optional_id::<AccountId>("account_id")?;
    let sign_up = row.get::<Option<String>>("name")?.zip(row.get::<Option<String>>("password_hash")?);
    let purpose = match (row.text("purpose")?, account, sign_up) {
        ("sign_up", None, Some((name, password_hash))) => LinkPurpose::SignUp { name, password_hash },
        ("recover", Some(account), None) => LinkPurpose::Recover(account),
        ("change_email", Some(account), None) => LinkPurpose::ChangeEmail(account),
        ("transfer", Some(owner), None) => LinkPurpose::Transfer { owner, license: row.id("license_id")? },
        (other, _, _) => return Err(Error::inconsistent("email_link", format!("purpose {other}"))),
    };
    Ok(EmailLink { email: row.get("email")?, purpose, expires_at: row.get("expires_at")? })
}

impl Connection {
    /// A link that is valid at `now`.
    pub fn email_link_by_digest(&mut self, digest: &Digest, now: Millis) -> Result<Option<EmailLink>, Error> {
        self.query_one(
            "SELECT account_id, name, password_hash, purpose, license_id, email, expires_at FROM email_link \
             WHERE digest = $1 AND expires_at > $2",
            params![digest, now],
            email_link,
        )
    }
}

impl Tx<'_> {
    /// Stores a link.
    pub fn email_link_insert(&mut self, digest: &Digest, link: &EmailLink) -> Result<(), Error> {
        let (purpose, account, license, sign_up) = match &link.purpose {
            LinkPurpose::SignUp { name, password_hash } => {
                ("sign_up", None, None, Some((name, password_hash)))
            }
            LinkPurpose::Recover(account) => ("recover", Some(account), None, None),
            LinkPurpose::ChangeEmail(account) => ("change_email", Some(account), None, None),
            LinkPurpose::Transfer { owner, license } => ("transfer", Some(owner), Some(license), None),
        };
        insert!(self.change, "email_link" {
            digest: digest,
            purpose: purpose,
            email: &link.email,
            account_id: account.map(AccountId::as_bytes),
            license_id: license.map(LicenseId::as_bytes),
            name: sign_up.map(|(name, _)| name),
            password_hash: sign_up.map(|(_, hash)| hash),
            expires_at: link.expires_at,
        })
    }

    /// Consumes a link; `false` if it was used before.
    pub fn email_link_use(&mut self, digest: &Digest) -> Result<bool, Error> {
        Ok(self.execute("DELETE FROM email_link WHERE digest = $1", params![digest])? == 1)
    }

    /// Deletes an account's links for recovery, address changes and transfers.
    pub fn email_links_delete(&mut self, account: AccountId) -> Result<(), Error> {
        self.change("DELETE FROM email_link WHERE account_id = $1", params![account.as_bytes()])
    }
}
