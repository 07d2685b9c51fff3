use axum::Json;
use axum::extract::State;
use keystead_app::accounts::find_account::find_account;
use keystead_app::context::Shared;
use keystead_app::oauth::id_token::claims;
use keystead_app::principal::Principal;
use keystead_protocol::Code;
use serde_json::Value;

use crate::auth::Auth;
use crate::problem::ApiError;

/// Claims about the account of the access token (OpenID Connect Core 1.0, section 5.3).
pub async fn user_info(State(app): State<Shared>, Auth(principal): Auth) -> Result<Json<Value>, ApiError> {
    let Principal::Account { scope, .. } = &principal else { return Err(Code::SignInRequired.into()) };
    let account =
        find_account(&app, principal.require_account("openid")?.account, Code::TokenExpired).await?;
    Ok(Json(claims(&account, scope)))
}
