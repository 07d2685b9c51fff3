use axum::extract::{Form, State, rejection::FormRejection};
use axum::http::StatusCode;
use keystead_app::context::Shared;
use keystead_app::oauth::rotate_tokens;
use serde::Deserialize;

use super::OAuthError;

#[derive(Deserialize)]
pub struct Request {
    token: String,
}

/// Ends the session of a token (RFC 7009).
pub async fn revoke(
    State(app): State<Shared>,
    form: Result<Form<Request>, FormRejection>,
) -> Result<StatusCode, OAuthError> {
    let Form(request) =
        form.map_err(|rejection| OAuthError::new("invalid_request", rejection.body_text()))?;
    rotate_tokens::revoke(&app, &request.token).await?;
    Ok(StatusCode::OK)
}
