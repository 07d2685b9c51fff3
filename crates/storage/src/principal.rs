//! Who asks for a change, and whether they still may when it is made.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, ApiTokenId, SessionId};

use crate::Error;
use crate::connection::Reader;
use crate::param::params;

/// An account that is signed in, as it was when the request began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountSession {
    /// The account.
    pub account: AccountId,
    /// By what it is signed in.
    pub session: SessionRef,
    /// The version of its credentials.
    pub credentials_version: i64,
    /// When its person last showed their credentials.
    pub authenticated_at: Millis,
}

/// A session of a browser or of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionRef {
    /// A browser's.
    Browser(SessionId),
    /// An application's.
    Application(SessionId),
}

impl Reader {
    /// Whether the session is still open at `now`, and the account's credentials are what they were.
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

    /// Whether the account may sign in and its credentials are what they were.
    pub fn credentials_are_current(&mut self, account: AccountId, version: i64) -> Result<bool, Error> {
        let found = self.query_one(
            "SELECT 1 AS one FROM account WHERE id = $1 AND credentials_version = $2 AND disabled_at IS NULL",
            params![account.as_bytes(), version],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Whether a token of the vendor's automation serves at `now`.
    pub fn api_token_is_alive(&mut self, id: ApiTokenId, now: Millis) -> Result<bool, Error> {
        let found = self.query_one(
            "SELECT 1 AS one FROM api_token WHERE id = $1 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $2)",
            params![id.as_bytes(), now],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }
}
