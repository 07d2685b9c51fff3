//! Token introspection for the vendor's own services.

use keystead_storage::{AppSession, TokenKind};

use crate::context::Shared;
use crate::error::AppError;
use crate::principal::{Permission, Principal};
use crate::security::bearer::{Bearer, Kind};

/// An active token.
pub struct Found {
    /// The session that the token belongs to.
    pub session: AppSession,
}

/// The session of an active token; `None` for any other text.
pub async fn introspect(app: &Shared, principal: &Principal, token: &str) -> Result<Option<Found>, AppError> {
    principal.require(Permission::Read)?;
    let Ok(bearer) = token.parse::<Bearer>() else { return Ok(None) };
    let kind = match bearer.kind() {
        Kind::Access => TokenKind::Access,
        Kind::Refresh => TokenKind::Refresh,
        _ => return Ok(None),
    };
    let (digest, now) = (bearer.digest(), app.now());
    let found = app.store.read(move |connection| connection.app_token_by_digest(&digest, kind, now)).await?;
    // A used refresh token is not active: it only serves to repeat a lost response.
    Ok(found.filter(|token| token.used_at.is_none()).map(|token| Found { session: token.session }))
}
