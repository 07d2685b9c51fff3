//! Token management by the operator and administrators: list and revoke API tokens.

use keystead_protocol::Code;
use keystead_protocol::id::{ApiTokenId, OutboxId};
use keystead_storage::ApiToken;

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::principal::{Permission, Principal};

/// Maximum number of tokens listed.
const MAX_LISTED: u32 = 1000;

/// All tokens, newest first, including expired and revoked ones.
pub async fn list_api_tokens(app: &Shared, principal: &Principal) -> Result<Vec<ApiToken>, AppError> {
    principal.require(Permission::Staff)?;
    Ok(app.store.read(|connection| connection.api_tokens(MAX_LISTED)).await?)
}

/// Revokes a token. Reads may succeed for up to two more seconds; changes are refused at once.
///
/// # Errors
/// [`Code::NotFound`] when no active token has this id.
pub async fn revoke_api_token(app: &Shared, principal: &Principal, id: ApiTokenId) -> Result<(), AppError> {
    principal.require(Permission::Staff)?;
    let (now, message, actor) = (app.now(), app.new_id::<OutboxId>(), principal.actor());
    app.write_as(principal, move |tx| {
        if !tx.api_token_revoke(id, now)? {
            return Err(Code::NotFound.into());
        }
        Event { id: message, at: now, actor: &actor, action: "api_token.revoke" }.record(tx, id, "");
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, on_both, refusal};

    async fn token(world: &World) -> ApiTokenId {
        match world.vendor(&[Permission::Read]).await {
            Principal::ApiToken { token, .. } => token,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn token_is_revoked_once() {
        on_both(async |world| {
            let id = token(&world).await;
            let revoke = async || revoke_api_token(&world.app, &Principal::Operator, id).await;
            revoke().await.unwrap();
            assert_eq!(refusal(revoke().await), Code::NotFound);
            assert_eq!(world.actions(id).await, ["api_token.create", "api_token.revoke"]);
            let listed = list_api_tokens(&world.app, &Principal::Operator).await.unwrap();
            assert_eq!(listed[0].revoked_at, Some(world.now()));
        });
    }

    #[test]
    fn tokens_are_listed_newest_first() {
        on_both(async |world| {
            let (first, second) = (token(&world).await, token(&world).await);
            let listed = list_api_tokens(&world.app, &Principal::Operator).await.unwrap();
            assert_eq!(listed.iter().map(|token| token.id).collect::<Vec<_>>(), [second, first]);
        });
    }

    #[test]
    fn only_administrators_and_the_operator_manage_tokens() {
        on_both(async |world| {
            let id = token(&world).await;
            let list = async |principal: &Principal| list_api_tokens(&world.app, principal).await;
            world.assert_needs(Permission::Staff, list).await;
            let revoke = async |principal: &Principal| revoke_api_token(&world.app, principal, id).await;
            world.assert_needs(Permission::Staff, revoke).await;
            assert_eq!(world.actions(id).await, ["api_token.create"]);
        });
    }
}
