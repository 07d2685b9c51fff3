//! Authorization codes, and what was shown once.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, SessionId};

use crate::connection::Reader;
use crate::param::params;
use crate::{Digest, Error, Tx};

/// An authorization code that somebody allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// Who allowed it.
    pub account: AccountId,
    /// The application.
    pub client: String,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// The PKCE challenge: SHA-256 of the verifier.
    pub challenge: Digest,
    /// What the application wants to find in the ID token.
    pub nonce: Option<String>,
    /// What was allowed, names separated by spaces.
    pub scope: String,
    /// When the person last showed their credentials.
    pub authenticated_at: Millis,
    /// Until when it can be used.
    pub expires_at: Millis,
    /// The session that it opened.
    pub session: Option<SessionId>,
}

impl Reader {
    /// A code, used or not.
    pub fn authorization_code(&mut self, digest: &Digest) -> Result<Option<AuthorizationCode>, Error> {
        self.query_one(
            "SELECT account_id, client, redirect_uri, challenge, nonce, scope, authenticated_at, expires_at, session_id \
             FROM authorization_code WHERE digest = $1",
            params![digest],
            |row| {
                Ok(AuthorizationCode {
                    account: row.id("account_id")?,
                    client: row.get("client")?,
                    redirect_uri: row.get("redirect_uri")?,
                    challenge: row.bytes("challenge")?,
                    nonce: row.get("nonce")?,
                    scope: row.get("scope")?,
                    authenticated_at: row.get("authenticated_at")?,
                    expires_at: row.get("expires_at")?,
                    session: row.optional_id("session_id")?,
                })
            },
        )
    }
}

impl Tx<'_> {
    /// Stores a code.
    pub fn insert_authorization_code(
        &mut self,
        digest: &Digest,
        code: &AuthorizationCode,
    ) -> Result<(), Error> {
        self.change(
            "INSERT INTO authorization_code (digest, account_id, client, redirect_uri, challenge, nonce, scope, \
             authenticated_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                digest,
                code.account.as_bytes(),
                &code.client,
                &code.redirect_uri,
                &code.challenge,
                code.nonce.as_ref(),
                &code.scope,
                code.authenticated_at,
                code.expires_at,
            ],
        )
    }

    /// Notes which session a code opened; `false` when it opened one before.
    pub fn use_authorization_code(&mut self, digest: &Digest, session: SessionId) -> Result<bool, Error> {
        let used = self.execute(
            "UPDATE authorization_code SET session_id = $2 WHERE digest = $1 AND session_id IS NULL",
            params![digest, session.as_bytes()],
        )?;
        Ok(used == 1)
    }

    /// Notes that something that serves once was shown; `false` when it was shown before. It is remembered until
    /// `expires_at`, when it is refused for its age.
    pub fn spend(&mut self, digest: &Digest, expires_at: Millis) -> Result<bool, Error> {
        let fresh = self.execute(
            "INSERT INTO spent (digest, expires_at) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING",
            params![digest, expires_at],
        )?;
        Ok(fresh == 1)
    }

    /// Forgets codes and what was shown once that cannot be used any more at `now`.
    pub fn forget_authorizations(&mut self, now: Millis) -> Result<u64, Error> {
        // A day longer, so that a code that is shown again is known.
        let codes = self.execute(
            "DELETE FROM authorization_code WHERE expires_at <= $1",
            params![now - keystead_domain::DAY],
        )?;
        let spent = self.execute("DELETE FROM spent WHERE expires_at <= $1", params![now])?;
        Ok(codes + spent)
    }
}
