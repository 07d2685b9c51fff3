//! Sessions of browsers, and sessions of applications with rotating tokens.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, SessionId};

use crate::account::{Account, Role, account, account_columns};
use crate::connection::Connection;
use crate::param::params;
use crate::row::Row;
use crate::{Digest, Error, Tx};

/// A browser session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSession {
    /// Its id.
    pub id: SessionId,
    /// The account.
    pub account: AccountId,
    /// The browser's name, from its user agent.
    pub browser: String,
    /// Time of the last use, accurate to some minutes.
    pub seen_at: Millis,
    /// Start of the session.
    pub created_at: Millis,
    /// Expiry of the session.
    pub expires_at: Millis,
}

/// An application session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSession {
    /// Its id.
    pub id: SessionId,
    /// The account.
    pub account: AccountId,
    /// The application's `client_id`.
    pub client: String,
    /// The device's name, as the application states it.
    pub device_name: String,
    /// The granted scope, space-separated.
    pub scope: String,
    /// The SHA-256 thumbprint (RFC 7638) of the key that its tokens are bound to.
    pub key_thumbprint: Option<Digest>,
    /// Time of the person's last authentication.
    pub authenticated_at: Millis,
    /// Start of the session.
    pub created_at: Millis,
    /// Latest end of the session.
    pub expires_at: Millis,
    /// Time of its end, if it has ended.
    pub ended_at: Option<Millis>,
}

/// An application's token, with the account data that each request needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppToken {
    /// The session.
    pub session: AppSession,
    /// Time of first use.
    pub used_at: Option<Millis>,
    /// The account's role.
    pub role: Role,
    /// The version of the account's credentials.
    pub credentials_version: i64,
}

/// The type of an application's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// An access token.
    Access,
    /// A refresh token.
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

fn app_session(row: &Row<'_>) -> Result<AppSession, Error> {
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

impl Connection {
    /// A browser session that is active at `now`, and its account.
    pub fn web_session_by_digest(
        &mut self,
        digest: &Digest,
        now: Millis,
    ) -> Result<Option<(WebSession, Account)>, Error> {
        self.query_one(
            concat!(
                "SELECT s.id AS session_id, s.account_id, s.browser, s.seen_at, s.created_at AS opened_at, s.expires_at, ",
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
            "SELECT id AS session_id, account_id, browser, seen_at, created_at AS opened_at, expires_at FROM web_session \
             WHERE account_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY id DESC LIMIT $4",
            params![account.as_bytes(), now, seen_after, limit],
            web_session,
        )
    }

    /// An account's application sessions that are active at `now`, latest first.
    pub fn app_sessions_of_account(
        &mut self,
        account: AccountId,
        now: Millis,
        limit: u32,
    ) -> Result<Vec<AppSession>, Error> {
        self.query(
            "SELECT id, account_id, client, device_name, scope, key_thumbprint, authenticated_at, created_at, expires_at, \
             ended_at FROM app_session \
             WHERE account_id = $1 AND expires_at > $2 AND ended_at IS NULL ORDER BY id DESC LIMIT $3",
            params![account.as_bytes(), now, limit],
            app_session,
        )
    }

    /// An application's token that is valid at `now`.
    pub fn app_token_by_digest(
        &mut self,
        digest: &Digest,
        kind: TokenKind,
        now: Millis,
    ) -> Result<Option<AppToken>, Error> {
        self.query_one(
            "SELECT s.id, s.account_id, s.client, s.device_name, s.scope, s.key_thumbprint, s.authenticated_at, s.created_at, \
             s.expires_at, s.ended_at, t.used_at, a.role, a.credentials_version \
             FROM app_token t JOIN app_session s ON s.id = t.session_id JOIN account a ON a.id = s.account_id \
             WHERE a.disabled_at IS NULL AND t.digest = $1 AND t.kind = $2 AND t.expires_at > $3 AND s.ended_at IS NULL AND s.expires_at > $3",
            params![digest, kind.name(), now],
            |row| {
                Ok(AppToken {
                    session: app_session(row)?,
                    used_at: row.get("used_at")?,
                    role: row.text("role")?.parse()?,
                    credentials_version: row.get("credentials_version")?,
                })
            },
        )
    }
}

impl Tx<'_> {
    /// Stores a browser session.
    pub fn web_session_insert(&mut self, digest: &Digest, session: &WebSession) -> Result<(), Error> {
        self.change(
            "INSERT INTO web_session (digest, id, account_id, browser, seen_at, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                digest,
                session.id.as_bytes(),
                session.account.as_bytes(),
                &session.browser,
                session.seen_at,
                session.created_at,
                session.expires_at,
            ],
        )
    }

    /// Records the use of a browser session.
    pub fn web_session_touch(&mut self, id: SessionId, now: Millis) -> Result<(), Error> {
        self.change("UPDATE web_session SET seen_at = $2 WHERE id = $1", params![id.as_bytes(), now])
    }

    /// Deletes browser sessions last used before `before`.
    pub fn web_sessions_prune_idle(&mut self, before: Millis) -> Result<u64, Error> {
        self.execute("DELETE FROM web_session WHERE seen_at < $1", params![before])
    }

    /// Sets a new secret of a browser session and invalidates the old one.
    pub fn web_session_set_secret(&mut self, id: SessionId, digest: &Digest) -> Result<(), Error> {
        self.change("UPDATE web_session SET digest = $2 WHERE id = $1", params![id.as_bytes(), digest])
    }

    /// Ends a browser session.
    pub fn web_session_delete(&mut self, digest: &Digest) -> Result<(), Error> {
        self.change("DELETE FROM web_session WHERE digest = $1", params![digest])
    }

    /// Ends a browser or application session of the account; `false` if the account has no such session.
    pub fn session_end(&mut self, account: AccountId, id: SessionId, now: Millis) -> Result<bool, Error> {
        let browser = self.execute(
            "DELETE FROM web_session WHERE id = $1 AND account_id = $2",
            params![id.as_bytes(), account.as_bytes()],
        )?;
        let application = self.execute(
            "UPDATE app_session SET ended_at = $3 WHERE id = $1 AND account_id = $2 AND ended_at IS NULL",
            params![id.as_bytes(), account.as_bytes(), now],
        )?;
        Ok(browser + application == 1)
    }

    /// Ends all sessions of an account except the browser session `but`, and everything that could become a session.
    pub fn sessions_end(
        &mut self,
        account: AccountId,
        but: Option<SessionId>,
        now: Millis,
    ) -> Result<(), Error> {
        let but = but.unwrap_or(SessionId::from_bytes([0; 16]));
        self.change(
            "DELETE FROM web_session WHERE account_id = $1 AND id <> $2",
            params![account.as_bytes(), but.as_bytes()],
        )?;
        self.change(
            "UPDATE app_session SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL",
            params![account.as_bytes(), now],
        )?;
        const HALF_OPEN: [&str; 4] = [
            "DELETE FROM mfa_challenge WHERE account_id = $1",
            "DELETE FROM device_grant WHERE account_id = $1",
            "DELETE FROM authorization_code WHERE account_id = $1 AND session_id IS NULL",
            "DELETE FROM totp WHERE account_id = $1 AND confirmed_at IS NULL",
        ];
        HALF_OPEN.into_iter().try_for_each(|sql| self.change(sql, params![account.as_bytes()]))
    }

    /// Stores an application session.
    pub fn app_session_insert(&mut self, session: &AppSession) -> Result<(), Error> {
        self.change(
            "INSERT INTO app_session (id, account_id, client, device_name, scope, key_thumbprint, authenticated_at, \
             created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                session.id.as_bytes(),
                session.account.as_bytes(),
                &session.client,
                &session.device_name,
                &session.scope,
                session.key_thumbprint.as_ref(),
                session.authenticated_at,
                session.created_at,
                session.expires_at,
            ],
        )
    }

    /// Ends an application session and invalidates its tokens.
    pub fn app_session_end(&mut self, id: SessionId, now: Millis) -> Result<(), Error> {
        self.change(
            "UPDATE app_session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL",
            params![id.as_bytes(), now],
        )
    }

    /// Stores an application's token.
    pub fn app_token_insert(
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

    /// Records the use of a refresh token.
    pub fn app_token_use(&mut self, digest: &Digest, now: Millis) -> Result<(), Error> {
        self.change(
            "UPDATE app_token SET used_at = $2 WHERE digest = $1 AND used_at IS NULL",
            params![digest, now],
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

    /// Deletes sign-ins that expired before `now`.
    pub fn sessions_prune(&mut self, now: Millis) -> Result<u64, Error> {
        let sessions = self.execute("DELETE FROM web_session WHERE expires_at <= $1", params![now])?;
        let tokens = self.execute("DELETE FROM app_token WHERE expires_at <= $1", params![now])?;
        let grants = self.execute("DELETE FROM device_grant WHERE expires_at <= $1", params![now])?;
        let links = self.execute("DELETE FROM email_link WHERE expires_at <= $1", params![now])?;
        let halves = self.execute("DELETE FROM mfa_challenge WHERE expires_at <= $1", params![now])?;
        Ok(sessions + tokens + grants + links + halves)
    }
}
