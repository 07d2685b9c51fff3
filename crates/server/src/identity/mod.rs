//! The authorization server under `/id`: for now the device authorization grant (RFC 8628), refresh tokens and
//! revocation (RFC 7009), with their metadata (RFC 8414). Errors have OAuth's own form (RFC 6749, section 5.2).

mod device_authorization;
mod metadata;
mod revoke;
mod token;

use axum::Json;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;

use crate::app::Shared;
use crate::error::ApiError;

/// Applications that may sign their users in. All are public clients without a secret.
pub const CLIENTS: [(&str, &str); 2] =
    [("keystead-cli", "Keystead command line"), ("keystead-sdk", "Application")];

/// The name of a client as people read it.
pub fn client_name(id: &str) -> Option<&'static str> {
    CLIENTS.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

/// All endpoints.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/id/device_authorization", post(device_authorization::start))
        .route("/id/token", post(token::token))
        .route("/id/revoke", post(revoke::revoke))
        .route("/.well-known/oauth-authorization-server/id", get(metadata::metadata))
}

/// An error in OAuth's form.
pub struct OAuthError {
    status: StatusCode,
    error: &'static str,
    description: String,
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
    error_description: String,
}

impl OAuthError {
    /// A 400 with a registered error code.
    pub fn new(error: &'static str, description: impl ToString) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: description.to_string() }
    }
}

impl From<ApiError> for OAuthError {
    fn from(error: ApiError) -> Self {
        error.log();
        let status = error.status();
        let name = match status {
            StatusCode::TOO_MANY_REQUESTS => "slow_down",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request",
        };
        let problem = error.problem();
        Self { status, error: name, description: problem.detail.unwrap_or(problem.title) }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = Body { error: self.error, error_description: self.description };
        (self.status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }
}
