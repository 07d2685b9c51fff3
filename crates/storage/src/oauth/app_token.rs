//! Tokens of applications: short-lived access tokens and single-use refresh tokens.

use keystead_domain::Millis;
use keystead_protocol::id::SessionId;

use crate::accounts::account::Role;
use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::oauth::app_session::{AppSession, app_session, app_session_columns};
use crate::{Digest, Error, Tx};

/// An application's token, with the account data that each request needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppToken {
    /// The session.
    pub session: AppSession,
    /// When a refresh token was used.
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

impl Connection {
    /// An application's token that is valid at `now`.
    pub fn app_token_by_digest(
        &mut self,
        digest: &Digest,
        kind: TokenKind,
        now: Millis,
    ) -> Result<Option<AppToken>, Error> {
        self.query_one(
            concat!(
                "SELECT ",
                app_session_columns!(),
                ", t.used_at, a.role, a.credentials_version \
                 FROM app_token t JOIN app_session s ON s.id = t.session_id JOIN account a ON a.id = s.account_id \
                 WHERE a.disabled_at IS NULL AND t.digest = $1 AND t.kind = $2 AND t.expires_at > $3 \
                 AND s.ended_at IS NULL AND s.expires_at > $3"
            ),
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
    /// Stores an application's token.
    pub fn app_token_insert(
        &mut self,
        digest: &Digest,
        session: SessionId,
        kind: TokenKind,
        expires_at: Millis,
    ) -> Result<(), Error> {
        insert!(self.change, "app_token" {
            digest: digest,
            session_id: session.as_bytes(),
            kind: kind.name(),
            expires_at: expires_at,
        })
    }

    /// Records the use of a refresh token.
    pub fn app_token_use(&mut self, digest: &Digest, now: Millis) -> Result<(), Error> {
        self.change(
            "UPDATE app_token SET used_at = $2 WHERE digest = $1 AND used_at IS NULL",
            params![digest, now],
        )
    }
}
