//! What the operator does with tokens that exist: see them, and revoke them.

use keystead_protocol::Code;
use keystead_protocol::id::{ApiTokenId, OutboxId};
use keystead_storage::ApiToken;

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;

/// Tokens that are listed at the most.
const MAX_LISTED: u32 = 1000;

/// All tokens, ended ones too, newest first.
pub async fn list_api_tokens(app: &Shared) -> Result<Vec<ApiToken>, AppError> {
    Ok(app.store.read(|reader| reader.api_tokens(MAX_LISTED)).await?)
}

/// Revokes a token. What it may read it may for two seconds more at the most; what it may change it may not from now on.
///
/// # Errors
/// [`Code::NotFound`] when there is none such that is alive.
pub async fn revoke_api_token(app: &Shared, id: ApiTokenId) -> Result<(), AppError> {
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    app.store
        .write(move |tx| {
            if !tx.revoke_api_token(id, now)? {
                return Err(Code::NotFound.into());
            }
            Event { id: message, at: now, actor: "operator", action: "api_token.revoke" }.record(tx, id, "");
            Ok(())
        })
        .await
}
