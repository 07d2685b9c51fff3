//! Who is signed in: browsers by a session, applications by rotating tokens.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, SessionId};

use crate::account::Account;
use crate::connection::Reader;
use crate::param::params;
use crate::{Digest, Error, Tx};

/// A sign-in of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSession {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub account: AccountId,
    /// The application.
    pub client: String,
    /// The device, in its own words.
    pub device_name: String,
    /// Since when.
    pub created_at: Millis,
    /// Until when at the longest.
    pub expires_at: Millis,
    /// When it was ended.
    pub ended_at: Option<Millis>,
}

/// What a token of an application is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// For requests.
    Access,
    /// For new tokens.
    Refresh,
}

impl TokenKind {
    const fn name(self) -> &'static str {
        match self {
            TokenKind::Access => "access",
            TokenKind::Refresh => "refresh",
        }
    }
}

impl Reader {
    /// The account of a browser's session that is alive at `now`.
    pub fn web_session(&mut self, digest: &Digest, now: Millis) -> Result<Option<Account>, Error> {
        let id = self.query_one(
            "SELECT account_id FROM web_session WHERE digest = $1 AND expires_at > $2",
            params![digest, now],
            |row| row.id("account_id"),
        )?;
        match id {
            Some(id) => self.account(id),
            None => Ok(None),
        }
    }

    /// An application's session by one of its tokens that is alive at `now`, and when the token was first used.
    pub fn app_session(
        &mut self,
        digest: &Digest,
        kind: TokenKind,
        now: Millis,
    ) -> Result<Option<(AppSession, Option<Millis>)>, Error> {
        self.query_one(
            "SELECT s.id, s.account_id, s.client, s.device_name, s.created_at, s.expires_at, s.ended_at, t.used_at \
             FROM app_token t JOIN app_session s ON s.id = t.session_id \
             WHERE t.digest = $1 AND t.kind = $2 AND t.expires_at > $3 AND s.ended_at IS NULL AND s.expires_at > $3",
            params![digest, kind.name(), now],
            |row| {
                let session = AppSession {
                    id: row.id("id")?,
                    account: row.id("account_id")?,
                    client: row.get("client")?,
                    device_name: row.get("device_name")?,
                    created_at: row.get("created_at")?,
                    expires_at: row.get("expires_at")?,
                    ended_at: row.get("ended_at")?,
                };
                Ok((session, row.get("used_at")?))
            },
        )
    }
}

impl Tx<'_> {
    /// Stores a browser's session.
    pub fn insert_web_session(
        &mut self,
        digest: &Digest,
        account: AccountId,
        now: Millis,
        expires_at: Millis,
    ) -> Result<(), Error> {
        self.change(
            "INSERT INTO web_session (digest, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
            params![digest, account.as_bytes(), now, expires_at],
        )
    }

    /// Ends a browser's session.
    pub fn delete_web_session(&mut self, digest: &Digest) -> Result<(), Error> {
        self.change("DELETE FROM web_session WHERE digest = $1", params![digest])
    }

    /// Stores an application's session.
    pub fn insert_app_session(&mut self, session: &AppSession) -> Result<(), Error> {
        self.change(
            "INSERT INTO app_session (id, account_id, client, device_name, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                session.id.as_bytes(),
                session.account.as_bytes(),
                &session.client,
                &session.device_name,
                session.created_at,
                session.expires_at,
            ],
        )
    }

    /// Ends an application's session; all its tokens are dead.
    pub fn end_app_session(&mut self, id: SessionId, now: Millis) -> Result<(), Error> {
        self.change(
            "UPDATE app_session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL",
            params![id.as_bytes(), now],
        )
    }

    /// Stores a token of an application.
    pub fn insert_app_token(
        &mut self,
        digest: &Digest,
        session: SessionId,
        kind: TokenKind,
        expires_at: Millis,
    ) -> Result<(), Error> {
        self.change(
            "INSERT INTO app_token (digest, session_id, kind, expires_at) VALUES ($1, $2, $3, $4)",
            params![digest, session.as_bytes(), kind.name(), expires_at],
        )
    }

    /// Notes that a refresh token was used.
    pub fn use_app_token(&mut self, digest: &Digest, now: Millis) -> Result<(), Error> {
        self.change(
            "UPDATE app_token SET used_at = $2 WHERE digest = $1 AND used_at IS NULL",
            params![digest, now],
        )
    }

    /// Forgets sign-ins that ended before `now`.
    pub fn forget_ended_sign_ins(&mut self, now: Millis) -> Result<u64, Error> {
        let sessions = self.execute("DELETE FROM web_session WHERE expires_at <= $1", params![now])?;
        let tokens = self.execute("DELETE FROM app_token WHERE expires_at <= $1", params![now])?;
        let grants = self.execute("DELETE FROM device_grant WHERE expires_at <= $1", params![now])?;
        Ok(sessions + tokens + grants)
    }
}
