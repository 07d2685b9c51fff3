use axum::Json;
use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::oauth::user_info;
use serde_json::Value;

use crate::auth::Auth;
use crate::problem::ApiError;

/// Claims about the account of the access token (OpenID Connect Core 1.0, section 5.3).
pub async fn user_info(State(app): State<Shared>, Auth(principal): Auth) -> Result<Json<Value>, ApiError> {
    Ok(Json(user_info::user_info(&app, &principal).await?))
}
