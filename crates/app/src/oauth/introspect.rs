//! What a token of an application is, for the vendor's own services.

use keystead_storage::{AppSession, TokenKind};

use crate::context::Shared;
use crate::error::AppError;
use crate::principal::{Permission, Principal};
use crate::security::bearer::{Bearer, Kind};

/// A token that is alive.
pub struct Found {
    /// The sign-in that it belongs to.
    pub session: AppSession,
}

/// The session of a token that is alive; `None` for every other text.
pub async fn introspect(app: &Shared, principal: &Principal, token: &str) -> Result<Option<Found>, AppError> {
    principal.require(Permission::Read)?;
    let Ok(bearer) = token.parse::<Bearer>() else { return Ok(None) };
    let kind = match bearer.kind() {
        Kind::Access => TokenKind::Access,
        Kind::Refresh => TokenKind::Refresh,
        _ => return Ok(None),
    };
    let (digest, now) = (bearer.digest(), app.now());
    let found = app.store.read(move |reader| reader.app_token(&digest, kind, now)).await?;
    // A refresh token that was used has a successor, and is alive only for whose answer was lost.
    Ok(found.filter(|token| token.used_at.is_none()).map(|token| Found { session: token.session }))
}
