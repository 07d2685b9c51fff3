//! Token management by the operator: list and revoke API tokens.

use keystead_protocol::Code;
use keystead_protocol::id::{ApiTokenId, OutboxId};
use keystead_storage::ApiToken;

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;

/// Maximum number of tokens listed.
const MAX_LISTED: u32 = 1000;

/// All tokens, newest first, including expired and revoked ones.
pub async fn list_api_tokens(app: &Shared) -> Result<Vec<ApiToken>, AppError> {
    Ok(app.store.read(|connection| connection.api_tokens(MAX_LISTED)).await?)
}

/// Revokes a token. Reads may succeed for up to two more seconds; changes are refused at once.
///
/// # Errors
/// [`Code::NotFound`] when no active token has this id.
pub async fn revoke_api_token(app: &Shared, id: ApiTokenId) -> Result<(), AppError> {
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    app.store
        .write(move |tx| {
            if !tx.api_token_revoke(id, now)? {
                return Err(Code::NotFound.into());
            }
            Event { id: message, at: now, actor: "operator", action: "api_token.revoke" }.record(tx, id, "");
            Ok(())
        })
        .await
}
