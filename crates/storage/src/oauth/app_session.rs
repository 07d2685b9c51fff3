//! Sessions of applications.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, SessionId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::{Digest, Error, Tx};

/// An application session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSession {
    /// The session's id.
    pub id: SessionId,
    /// The account.
    pub account: AccountId,
    /// The application's `client_id`.
    pub client: String,
    /// The device's name, as the application states it.
    pub device_name: String,
    /// The granted scope, space-separated.
    pub scope: String,
    /// The SHA-256 thumbprint (RFC 7638) of the key that the session's tokens are bound to.
    pub key_thumbprint: Option<Digest>,
    /// Time of the person's last authentication.
    pub authenticated_at: Millis,
    /// Start of the session.
    pub created_at: Millis,
    /// Latest end of the session.
    pub expires_at: Millis,
    /// When the session was ended before its expiry; `None` if it was not.
    pub ended_at: Option<Millis>,
}

pub(crate) fn app_session(row: &Row<'_>) -> Result<AppSession, Error> {
    Ok(AppSession {
        id: row.id("id")?,
        account: row.id("account_id")?,
        client: row.get("client")?,
        device_name: row.get("device_name")?,
        scope: row.get("scope")?,
        key_thumbprint: row.optional_bytes("key_thumbprint")?,
        authenticated_at: row.get("authenticated_at")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        ended_at: row.get("ended_at")?,
    })
}

/// The columns that [`app_session`] reads, from a session with the alias `s`.
macro_rules! app_session_columns {
    () => {
        "s.id, s.account_id, s.client, s.device_name, s.scope, s.key_thumbprint, s.authenticated_at, s.created_at, \
         s.expires_at, s.ended_at"
    };
}
pub(crate) use app_session_columns;

impl Connection {
    /// An account's application sessions that are active at `now`, latest first.
    pub fn app_sessions_of_account(
        &mut self,
        account: AccountId,
        now: Millis,
        limit: u32,
    ) -> Result<Vec<AppSession>, Error> {
        self.query(
            concat!(
                "SELECT ",
                app_session_columns!(),
                " FROM app_session s \
                 WHERE s.account_id = $1 AND s.expires_at > $2 AND s.ended_at IS NULL ORDER BY s.id DESC LIMIT $3"
            ),
            params![account.as_bytes(), now, limit],
            app_session,
        )
    }
}

impl Tx<'_> {
    /// Stores an application session.
    pub fn app_session_insert(&mut self, session: &AppSession) -> Result<(), Error> {
        insert!(self.change, "app_session" {
            id: session.id.as_bytes(),
            account_id: session.account.as_bytes(),
            client: &session.client,
            device_name: &session.device_name,
            scope: &session.scope,
            key_thumbprint: session.key_thumbprint.as_ref(),
            authenticated_at: session.authenticated_at,
            created_at: session.created_at,
            expires_at: session.expires_at,
        })
    }

    /// Ends an application session and invalidates its tokens.
    pub fn app_session_end(&mut self, id: SessionId, now: Millis) -> Result<(), Error> {
        self.change(
            "UPDATE app_session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL",
            params![id.as_bytes(), now],
        )
    }

    /// Deletes up to `limit` application sessions that ended before `before`, with their tokens; returns the number
    /// of sessions.
    pub fn app_sessions_prune(&mut self, before: Millis, limit: u32) -> Result<u64, Error> {
        self.execute(
            "DELETE FROM app_token WHERE session_id IN \
             (SELECT id FROM app_session WHERE expires_at < $1 OR ended_at < $1 ORDER BY id LIMIT $2)",
            params![before, limit],
        )?;
        self.execute(
            "DELETE FROM app_session WHERE id IN \
             (SELECT id FROM app_session WHERE expires_at < $1 OR ended_at < $1 ORDER BY id LIMIT $2)",
            params![before, limit],
        )
    }
}
