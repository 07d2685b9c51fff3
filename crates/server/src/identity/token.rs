use axum::Json;
use axum::extract::{Form, State, rejection::FormRejection};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::{OAuthError, client_name};
use crate::app::Shared;
use crate::operation::rotate_tokens::{ACCESS, Tokens};
use crate::operation::{device_grant, rotate_tokens};

#[derive(Deserialize)]
pub struct Request {
    grant_type: String,
    client_id: String,
    device_code: Option<String>,
    refresh_token: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    access_token: String,
    refresh_token: String,
    token_type: &'static str,
    expires_in: i64,
}

/// Gives tokens for an approved device code or for a refresh token (RFC 6749, section 5; RFC 8628, section 3.4).
pub async fn token(
    State(app): State<Shared>,
    form: Result<Form<Request>, FormRejection>,
) -> Result<Response, OAuthError> {
    let Form(request) =
        form.map_err(|rejection| OAuthError::new("invalid_request", rejection.body_text()))?;
    if client_name(&request.client_id).is_none() {
        return Err(OAuthError::new("invalid_client", "this application is not known here"));
    }
    let tokens = match request.grant_type.as_str() {
        "urn:ietf:params:oauth:grant-type:device_code" => {
            let code =
                request.device_code.ok_or(OAuthError::new("invalid_request", "device_code is missing"))?;
            device_grant::poll(&app, &code, &request.client_id)
                .await?
                .map_err(|poll| OAuthError::new(name(poll), poll))?
        }
        "refresh_token" => {
            let token = request
                .refresh_token
                .ok_or(OAuthError::new("invalid_request", "refresh_token is missing"))?;
            rotate_tokens::rotate(&app, &token, &request.client_id)
                .await?
                .ok_or(OAuthError::new("invalid_grant", "the sign-in has expired or was ended"))?
        }
        _ => {
            return Err(OAuthError::new(
                "unsupported_grant_type",
                "device_code and refresh_token are supported",
            ));
        }
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer(&tokens))).into_response())
}

fn answer(tokens: &Tokens) -> Answer {
    Answer {
        access_token: tokens.access.expose().to_owned(),
        refresh_token: tokens.refresh.expose().to_owned(),
        token_type: "Bearer",
        expires_in: ACCESS / 1000,
    }
}

const fn name(poll: keystead_domain::device_grant::Poll) -> &'static str {
    use keystead_domain::device_grant::Poll;
    match poll {
        Poll::Pending => "authorization_pending",
        Poll::SlowDown => "slow_down",
        Poll::Denied => "access_denied",
        Poll::Expired => "expired_token",
        Poll::Consumed => "invalid_grant",
    }
}
