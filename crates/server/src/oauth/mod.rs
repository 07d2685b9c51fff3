//! The authorization server under `/id`. It supports the authorization code with PKCE (RFC 6749, RFC 7636;
//! the page is `pages/auth/authorize.rs`), the device grant (RFC 8628), refresh tokens, DPoP (RFC 9449),
//! revocation (RFC 7009), introspection (RFC 7662), ID tokens and user info (OpenID Connect), and metadata
//! (RFC 8414). Errors have OAuth's format (RFC 6749, section 5.2).

pub mod authorization;
mod challenge;
mod client_auth;
mod device_authorization;
mod introspect;
mod metadata;
mod revoke;
mod token;
mod user_info;

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use keystead_app::context::App;
use keystead_app::error::AppError;
use keystead_app::security::dpop::{DpopProof, ProvenRequest};
use serde::Serialize;

use crate::auth::dpop_proof;
use crate::problem::ApiError;
use crate::route_table::route_table;

/// The issuer identifier of this authorization server (RFC 8414, section 2). It has a path, because some
/// clients reject an issuer without a path.
pub fn issuer(app: &App) -> String {
    format!("{}/id", app.public_url)
}

/// The key proven by the request's DPoP proof (RFC 9449, section 5), if any.
fn proven_key(app: &App, headers: &HeaderMap, path: &str) -> Result<Option<DpopProof>, OAuthError> {
    let request = ProvenRequest { method: Method::POST.as_str(), path, token: None };
    dpop_proof(app, headers, request).map_err(|error| OAuthError::new("invalid_dpop_proof", error))
}

route_table! {
    "/id/device_authorization" => post(device_authorization::start),
    "/id/challenge" => post(challenge::challenge),
    "/id/token" => post(token::token),
    "/id/revoke" => post(revoke::revoke),
    "/id/introspect" => post(introspect::introspect),
    "/id/userinfo" => get(user_info::user_info).post(user_info::user_info),
    "/id/keys" => get(metadata::keys),
    "/id/.well-known/openid-configuration" => get(metadata::metadata),
    "/.well-known/oauth-authorization-server/id" => get(metadata::metadata),
}

/// An error in OAuth's format.
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
    /// An error with status 400 and a registered error code.
    pub fn new(error: &'static str, description: impl ToString) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: description.to_string() }
    }

    /// The error for a client that used HTTP Basic and was not accepted (RFC 6749, section 5.2).
    pub fn not_by_basic(description: impl ToString) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::new("invalid_client", description) }
    }
}

impl From<AppError> for OAuthError {
    fn from(error: AppError) -> Self {
        error.log();
        let error = ApiError(error);
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
        let mut response = (self.status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
        }
        response
    }
}
