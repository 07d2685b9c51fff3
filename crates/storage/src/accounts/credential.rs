//! Checks that a caller's session, credentials or token are still valid when a change is made.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, ApiTokenId, SessionId};

use crate::Error;
use crate::connection::Connection;
use crate::connection::param::params;

/// A signed-in account, as read when the request began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountSession {
    /// The account.
    pub account: AccountId,
    /// The session.
    pub session: SessionRef,
    /// The version of the account's credentials.
    pub credentials_version: i64,
    /// Time of the person's last authentication.
    pub authenticated_at: Millis,
}

/// A reference to a browser or application session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionRef {
    /// A browser session.
    Browser(SessionId),
    /// An application session.
    Application(SessionId),
}

impl Connection {
    /// Whether the session is open at `now` and the account's credentials are unchanged.
    pub fn session_is_current(&mut self, session: &AccountSession, now: Millis) -> Result<bool, Error> {
        const BROWSER: &str = "SELECT 1 AS one FROM web_session s JOIN account a ON a.id = s.account_id \
             WHERE s.id = $1 AND a.id = $2 AND a.credentials_version = $3 AND a.disabled_at IS NULL AND s.expires_at > $4";
        const APPLICATION: &str = "SELECT 1 AS one FROM app_session s JOIN account a ON a.id = s.account_id \
             WHERE s.id = $1 AND a.id = $2 AND a.credentials_version = $3 AND a.disabled_at IS NULL AND s.expires_at > $4 \
             AND s.ended_at IS NULL";
        let (sql, id) = match session.session {
            SessionRef::Browser(id) => (BROWSER, id),
            SessionRef::Application(id) => (APPLICATION, id),
        };
        let (account, version) = (session.account, session.credentials_version);
        let found =
            self.query_one(sql, params![id.as_bytes(), account.as_bytes(), version, now], |_| Ok(()))?;
        Ok(found.is_some())
    }

    /// Whether the account may sign in and its credentials are unchanged.
    pub fn credentials_are_current(&mut self, account: AccountId, version: i64) -> Result<bool, Error> {
        let found = self.query_one(
            "SELECT 1 AS one FROM account WHERE id = $1 AND credentials_version = $2 AND disabled_at IS NULL",
            params![account.as_bytes(), version],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Whether an API token is valid at `now`.
    pub fn api_token_is_active(&mut self, id: ApiTokenId, now: Millis) -> Result<bool, Error> {
        let found = self.query_one(
            "SELECT 1 AS one FROM api_token WHERE id = $1 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $2)",
            params![id.as_bytes(), now],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }
}
