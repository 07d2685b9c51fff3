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
