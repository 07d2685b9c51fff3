//! API tokens of the vendor's automation.

use keystead_domain::Millis;
use keystead_protocol::id::ApiTokenId;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::{Digest, Error, Tx};

/// A token, stored by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// The token's id.
    pub id: ApiTokenId,
    /// The name.
    pub name: String,
    /// The scopes, space-separated.
    pub scopes: String,
    /// Time of creation.
    pub created_at: Millis,
    /// Expiry; `None` if it never expires.
    pub expires_at: Option<Millis>,
    /// Time of the last use, accurate to a minute.
    pub used_at: Option<Millis>,
    /// Time of revocation.
    pub revoked_at: Option<Millis>,
}

fn api_token(row: &Row<'_>) -> Result<ApiToken, Error> {
    Ok(ApiToken {
        id: row.id("id")?,
        name: row.get("name")?,
        scopes: row.get("scopes")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        used_at: row.get("used_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}

/// The columns that [`api_token`] reads.
macro_rules! api_token_columns {
    () => {
        "id, name, scopes, created_at, expires_at, used_at, revoked_at"
    };
}
#[cfg(feature = "testing")]
pub(crate) use api_token_columns;

impl Connection {
    /// A token that is valid at `now`.
    pub fn api_token_by_digest(&mut self, digest: &Digest, now: Millis) -> Result<Option<ApiToken>, Error> {
        self.query_one(
            concat!("SELECT ", api_token_columns!(), " FROM api_token WHERE digest = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)"),
            params![digest, now],
            api_token,
        )
    }

    /// All tokens, newest first, including expired and revoked ones.
    pub fn api_tokens(&mut self, limit: u32) -> Result<Vec<ApiToken>, Error> {
        self.query(
            concat!("SELECT ", api_token_columns!(), " FROM api_token ORDER BY id DESC LIMIT $1"),
            params![limit],
            api_token,
        )
    }
}

impl Tx<'_> {
    /// Stores a token.
    pub fn api_token_insert(&mut self, token: &ApiToken, digest: &Digest) -> Result<(), Error> {
        insert!(self.change, "api_token" {
            id: token.id.as_bytes(),
            digest: digest,
            name: &token.name,
            scopes: &token.scopes,
            created_at: token.created_at,
            expires_at: token.expires_at,
        })
    }

    /// Records the use of a token.
    pub fn api_token_touch(&mut self, id: ApiTokenId, now: Millis) -> Result<(), Error> {
        self.change("UPDATE api_token SET used_at = $2 WHERE id = $1", params![id.as_bytes(), now])
    }

    /// Revokes a token; `false` if it does not exist or was revoked before.
    pub fn api_token_revoke(&mut self, id: ApiTokenId, now: Millis) -> Result<bool, Error> {
        let revoked = self.execute(
            "UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
            params![id.as_bytes(), now],
        )?;
        Ok(revoked == 1)
    }
}
