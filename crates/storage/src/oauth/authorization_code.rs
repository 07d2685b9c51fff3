//! Authorization codes, and consumed one-time values.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, SessionId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::{Digest, Error, Tx};

/// An authorization code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// The account that granted the authorization.
    pub account: AccountId,
    /// The application's `client_id`.
    pub client: String,
    /// The redirect URI that received the code.
    pub redirect_uri: String,
    /// The PKCE challenge: SHA-256 of the verifier.
    pub challenge: Digest,
    /// Nonce for the ID token.
    pub nonce: Option<String>,
    /// The granted scope, space-separated.
    pub scope: String,
    /// Time of the person's last authentication.
    pub authenticated_at: Millis,
    /// Expiry of the code.
    pub expires_at: Millis,
    /// The session opened with the code.
    pub session: Option<SessionId>,
}

impl Connection {
    /// A used or unused code, by its digest.
    pub fn authorization_code_by_digest(
        &mut self,
        digest: &Digest,
    ) -> Result<Option<AuthorizationCode>, Error> {
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
    pub fn authorization_code_insert(
        &mut self,
        digest: &Digest,
        code: &AuthorizationCode,
    ) -> Result<(), Error> {
        insert!(self.change, "authorization_code" {
            digest: digest,
            account_id: code.account.as_bytes(),
            client: &code.client,
            redirect_uri: &code.redirect_uri,
            challenge: &code.challenge,
            nonce: code.nonce.as_ref(),
            scope: &code.scope,
            authenticated_at: code.authenticated_at,
            expires_at: code.expires_at,
        })
    }

    /// Records the session that a code opened; `false` if the code was used before.
    pub fn authorization_code_use(&mut self, digest: &Digest, session: SessionId) -> Result<bool, Error> {
        let used = self.execute(
            "UPDATE authorization_code SET session_id = $2 WHERE digest = $1 AND session_id IS NULL",
            params![digest, session.as_bytes()],
        )?;
        Ok(used == 1)
    }

    /// Consumes a one-time value; `false` if it was consumed before. The record is kept until `expires_at`.
    /// After that, the value is rejected because of its age.
    pub fn spent_token_insert(&mut self, digest: &Digest, expires_at: Millis) -> Result<bool, Error> {
        let fresh = insert!(self.execute, "spent" {
            digest: digest,
            expires_at: expires_at,
        } "ON CONFLICT (digest) DO NOTHING")?;
        Ok(fresh == 1)
    }

    /// Deletes expired codes, and expired records of consumed values.
    pub fn authorization_codes_prune(&mut self, now: Millis) -> Result<u64, Error> {
        // Expired codes are kept for one more day, to detect their reuse.
        let codes = self.execute(
            "DELETE FROM authorization_code WHERE expires_at <= $1",
            params![now - keystead_domain::DAY],
        )?;
        let spent = self.execute("DELETE FROM spent WHERE expires_at <= $1", params![now])?;
        Ok(codes + spent)
    }
}
