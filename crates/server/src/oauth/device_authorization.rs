use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use keystead_app::context::Shared;
use keystead_app::oauth::device_grant::{self, NewGrant};
use keystead_app::oauth::oauth_client::Grant;
use keystead_domain::Millis;
use keystead_domain::device_grant::{INTERVAL, LIFETIME};
use serde::{Deserialize, Serialize};

use super::OAuthError;
use super::client_auth::AuthenticatedClient;
use crate::extract::ClientIp;

#[derive(Deserialize)]
pub struct Request {
    #[serde(default)]
    device_name: String,
    #[serde(default)]
    scope: String,
    /// Maximum age of the approver's authentication, in seconds.
    max_age: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: i64,
    interval: i64,
}

fn max_age(seconds: Option<&str>) -> Result<Option<Millis>, OAuthError> {
    let Some(seconds) = seconds else { return Ok(None) };
    match seconds.parse::<u32>() {
        Ok(seconds) => Ok(Some(Millis::from(seconds) * 1000)),
        Err(_) => Err(OAuthError::new("invalid_request", "max_age is a number of seconds")),
    }
}

/// Starts a device authorization grant (RFC 8628, section 3.1).
pub async fn start(
    State(app): State<Shared>,
    ClientIp(from): ClientIp,
    AuthenticatedClient { client, form: request }: AuthenticatedClient<Request>,
) -> Result<Response, OAuthError> {
    if !client.grants.contains(&Grant::DeviceCode) {
        let why = "this application signs in by the browser";
        return Err(OAuthError::new("unauthorized_client", why));
    }
    let device_name =
        if request.device_name.trim().is_empty() { "a device" } else { request.device_name.as_str() };
    let asked = NewGrant {
        client: client.id.clone(),
        device_name: device_name.to_owned(),
        scope: client.scope(&request.scope),
        max_age: max_age(request.max_age.as_deref())?,
    };
    let started = device_grant::start(&app, from, asked).await?;
    let verification_uri = format!("{}/device", app.public_url);
    let answer = Answer {
        device_code: started.device_code.expose().to_owned(),
        verification_uri_complete: format!("{verification_uri}?code={}", started.user_code),
        user_code: started.user_code,
        verification_uri,
        expires_in: LIFETIME / 1000,
        interval: INTERVAL / 1000,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}
