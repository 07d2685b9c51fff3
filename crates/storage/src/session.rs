//! Who is signed in: browsers by a session, applications by rotating tokens.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, SessionId};

use crate::account::{Account, Role, account, account_columns};
use crate::connection::Reader;
use crate::param::params;
use crate::row::Row;
use crate::{Digest, Error, Tx};

/// A sign-in of a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSession {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub account: AccountId,
    /// The browser, in its own words.
    pub browser: String,
    /// When it was last used, to some minutes.
    pub seen_at: Millis,
    /// Since when.
    pub created_at: Millis,
    /// Until when.
    pub expires_at: Millis,
}

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
    /// What it may do, names separated by spaces.
    pub scope: String,
    /// The SHA-256 thumbprint (RFC 7638) of the key that its tokens are bound to.
    pub key_thumbprint: Option<Digest>,
    /// When its person last showed their credentials.
    pub authenticated_at: Millis,
    /// Since when.
    pub created_at: Millis,
    /// Until when at the longest.
    pub expires_at: Millis,
    /// When it was ended.
    pub ended_at: Option<Millis>,
}

/// A token of an application, with what is asked of its account at each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppToken {
    /// The sign-in that it belongs to.
    pub session: AppSession,
    /// When it was first used.
    pub used_at: Option<Millis>,
    /// The account's role.
    pub role: Role,
    /// The version of the account's credentials.
    pub credentials_version: i64,
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

impl Reader {
    /// A browser's session that is alive at `now`, and its account.
    pub fn web_session(
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

    /// The browsers that an account is signed in with at `now` and that it used after `seen_after`, latest first.
    pub fn web_sessions(
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

    /// The applications that an account is signed in with at `now`, latest first.
    pub fn app_sessions(
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

    /// A token of an application that is alive at `now`.
    pub fn app_token(
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
    /// Stores a browser's session.
    pub fn insert_web_session(&mut self, digest: &Digest, session: &WebSession) -> Result<(), Error> {
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

    /// Notes that a browser's session was used.
    pub fn touch_web_session(&mut self, id: SessionId, now: Millis) -> Result<(), Error> {
        self.change("UPDATE web_session SET seen_at = $2 WHERE id = $1", params![id.as_bytes(), now])
    }

    /// Forgets sessions of browsers that were last used before `before`.
    pub fn forget_idle_web_sessions(&mut self, before: Millis) -> Result<u64, Error> {
        self.execute("DELETE FROM web_session WHERE seen_at < $1", params![before])
    }

    /// Gives a browser's session another secret; the one before opens nothing any more.
    pub fn set_web_session_secret(&mut self, id: SessionId, digest: &Digest) -> Result<(), Error> {
        self.change("UPDATE web_session SET digest = $2 WHERE id = $1", params![id.as_bytes(), digest])
    }

    /// Ends a browser's session.
    pub fn delete_web_session(&mut self, digest: &Digest) -> Result<(), Error> {
        self.change("DELETE FROM web_session WHERE digest = $1", params![digest])
    }

    /// Ends one of the account's sessions, whether a browser's or an application's; `false` when it has none such.
    pub fn end_session(&mut self, account: AccountId, id: SessionId, now: Millis) -> Result<bool, Error> {
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

    /// Ends all sessions of an account but the browser's session `but`, and whatever was about to become one.
    pub fn end_sessions(
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
            "DELETE FROM half_sign_in WHERE account_id = $1",
            "DELETE FROM device_grant WHERE account_id = $1",
            "DELETE FROM authorization_code WHERE account_id = $1 AND session_id IS NULL",
            "DELETE FROM totp WHERE account_id = $1 AND confirmed_at IS NULL",
        ];
        HALF_OPEN.into_iter().try_for_each(|sql| self.change(sql, params![account.as_bytes()]))
    }

    /// Stores an application's session.
    pub fn insert_app_session(&mut self, session: &AppSession) -> Result<(), Error> {
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

    /// Deletes sign-ins of applications that ended before `before`, `limit` at the most, with their tokens; the number of sign-ins.
    pub fn delete_app_sessions(&mut self, before: Millis, limit: u32) -> Result<u64, Error> {
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

    /// Forgets sign-ins that ended before `now`.
    pub fn forget_ended_sign_ins(&mut self, now: Millis) -> Result<u64, Error> {
        let sessions = self.execute("DELETE FROM web_session WHERE expires_at <= $1", params![now])?;
        let tokens = self.execute("DELETE FROM app_token WHERE expires_at <= $1", params![now])?;
        let grants = self.execute("DELETE FROM device_grant WHERE expires_at <= $1", params![now])?;
        let links = self.execute("DELETE FROM email_link WHERE expires_at <= $1", params![now])?;
        let halves = self.execute("DELETE FROM half_sign_in WHERE expires_at <= $1", params![now])?;
        Ok(sessions + tokens + grants + links + halves)
    }
}
