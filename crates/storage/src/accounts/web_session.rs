//! Sessions of browsers.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, SessionId};

use crate::accounts::account::{Account, account, account_columns};
use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::{Digest, Error, Tx};

/// A browser session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSession {
    /// The session's id.
    pub id: SessionId,
    /// The account.
    pub account: AccountId,
    /// The browser's name, from its user agent.
    pub browser: String,
    /// Time of the last use, accurate to a few minutes.
    pub seen_at: Millis,
    /// Start of the session.
    pub created_at: Millis,
    /// Expiry of the session.
    pub expires_at: Millis,
}

fn web_session(row: &Row<'_>) -> Result<WebSession, Error> {
    Ok(WebSession {
        id: row.id("session_id")?,
        account: row.id("account_id")?,
        browser: row.get("browser")?,
        seen_at: row.get("seen_at")?,
        created_at: row.get("opened_at")?,
        expires_at: row.get("expires_at")?,
    })
}

/// The columns that [`web_session`] reads, from a session with the alias `s`.
macro_rules! web_session_columns {
    () => {
        "s.id AS session_id, s.account_id, s.browser, s.seen_at, s.created_at AS opened_at, s.expires_at"
    };
}
#[cfg(feature = "testing")]
pub(crate) use web_session_columns;

impl Connection {
    /// A browser session that is active at `now`, and its account.
    pub fn web_session_by_digest(
        &mut self,
        digest: &Digest,
        now: Millis,
    ) -> Result<Option<(WebSession, Account)>, Error> {
        self.query_one(
            concat!(
                "SELECT ",
                web_session_columns!(),
                ", ",
                account_columns!(),
                " FROM web_session s JOIN account a ON a.id = s.account_id \
                 WHERE s.digest = $1 AND s.expires_at > $2 AND a.disabled_at IS NULL"
            ),
            params![digest, now],
            |row| Ok((web_session(row)?, account(row)?)),
        )
    }

    /// An account's browser sessions that are active at `now` and were used after `seen_after`, latest first.
    pub fn web_sessions_of_account(
        &mut self,
        account: AccountId,
        now: Millis,
        seen_after: Millis,
        limit: u32,
    ) -> Result<Vec<WebSession>, Error> {
        self.query(
            concat!(
                "SELECT ",
                web_session_columns!(),
                " FROM web_session s WHERE s.account_id = $1 AND s.expires_at > $2 AND s.seen_at > $3 \
                 ORDER BY s.id DESC LIMIT $4"
            ),
            params![account.as_bytes(), now, seen_after, limit],
            web_session,
        )
    }
}

impl Tx<'_> {
    /// Stores a browser session.
    pub fn web_session_insert(&mut self, digest: &Digest, session: &WebSession) -> Result<(), Error> {
        insert!(self.change, "web_session" {
            digest: digest,
            id: session.id.as_bytes(),
            account_id: session.account.as_bytes(),
            browser: &session.browser,
            seen_at: session.seen_at,
            created_at: session.created_at,
            expires_at: session.expires_at,
        })
    }

    /// Records the use of a browser session.
    pub fn web_session_touch(&mut self, id: SessionId, now: Millis) -> Result<(), Error> {
        self.change("UPDATE web_session SET seen_at = $2 WHERE id = $1", params![id.as_bytes(), now])
    }

    /// Deletes browser sessions last used before `before`.
    pub fn web_sessions_prune_idle(&mut self, before: Millis) -> Result<u64, Error> {
        self.execute("DELETE FROM web_session WHERE seen_at < $1", params![before])
    }

    /// Replaces the secret of a browser session.
    pub fn web_session_set_secret(&mut self, id: SessionId, digest: &Digest) -> Result<(), Error> {
        self.change("UPDATE web_session SET digest = $2 WHERE id = $1", params![id.as_bytes(), digest])
    }

    /// Ends a browser session.
    pub fn web_session_delete(&mut self, digest: &Digest) -> Result<(), Error> {
        self.change("DELETE FROM web_session WHERE digest = $1", params![digest])
    }
}
