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
    // A used refresh token is not active. It only repeats the response to its first use.
    Ok(found.filter(|token| token.used_at.is_none()).map(|token| Found { session: token.session }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::rotate_tokens::{ACCESS, revoke, rotate};
    use crate::testing::{CLIENT, World, on_both};

    async fn found(world: &World, token: &str) -> Option<AppSession> {
        let asked = introspect(&world.app, &Principal::Operator, token).await.unwrap();
        asked.map(|found| found.session)
    }

    #[test]
    fn active_tokens_have_a_session_until_they_expire() {
        on_both(async |world| {
            let customer = world.customer().await;
            let tokens = world.application(&customer, "licenses", None).await.tokens;
            let session = found(&world, tokens.access.expose()).await.unwrap();
            assert_eq!((session.account, session.client.as_str()), (customer.id(), CLIENT));
            assert_eq!(found(&world, tokens.refresh.expose()).await, Some(session));
            world.pass(ACCESS).await;
            assert_eq!(found(&world, tokens.access.expose()).await, None);
            revoke(&world.app, tokens.refresh.expose()).await.unwrap();
            assert_eq!(found(&world, tokens.refresh.expose()).await, None);
        });
    }

    #[test]
    fn used_refresh_token_and_other_texts_are_not_active() {
        on_both(async |world| {
            let customer = world.customer().await;
            let tokens = world.application(&customer, "licenses", None).await.tokens;
            rotate(&world.app, tokens.refresh.expose(), CLIENT, None).await.unwrap().unwrap();
            assert_eq!(found(&world, tokens.refresh.expose()).await, None);
            let code = Bearer::new(Kind::AuthorizationCode);
            for text in ["", "no token", code.expose(), Bearer::new(Kind::Access).expose()] {
                assert_eq!(found(&world, text).await, None);
            }
        });
    }

    #[test]
    fn introspection_needs_the_permission_to_read() {
        on_both(async |world| {
            let attempt = async |principal: &Principal| introspect(&world.app, principal, "").await;
            world.assert_needs(Permission::Read, attempt).await;
            let automation = world.vendor(&[Permission::Read]).await;
            assert!(attempt(&automation).await.is_ok());
        });
    }
}
