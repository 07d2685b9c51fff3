use axum::Json;
use axum::extract::State;
use keystead_protocol::Code;
use serde_json::Value;

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::id_token::claims;
use crate::operation::find_account::find_account;

/// Who the access token is for (OpenID Connect Core 1.0, section 5.3).
pub async fn user_info(State(app): State<Shared>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let Caller::Customer { scope, .. } = &caller else { return Err(Code::SignInRequired.into()) };
    let account = find_account(&app, caller.account("openid")?.account, Code::TokenExpired).await?;
    Ok(Json(claims(&account, scope)))
}
