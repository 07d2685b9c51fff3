use axum::Json;
use axum::extract::{Form, State, rejection::FormRejection};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use keystead_domain::device_grant::{INTERVAL, LIFETIME};
use serde::{Deserialize, Serialize};

use super::{OAuthError, client_name};
use crate::app::Shared;
use crate::extract::ClientIp;
use crate::operation::device_grant;

#[derive(Deserialize)]
pub struct Request {
    client_id: String,
    #[serde(default)]
    device_name: String,
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

/// Begins a sign-in for an application without a browser (RFC 8628, section 3.1).
pub async fn start(
    State(app): State<Shared>,
    ClientIp(from): ClientIp,
    form: Result<Form<Request>, FormRejection>,
) -> Result<Response, OAuthError> {
    let Form(request) =
        form.map_err(|rejection| OAuthError::new("invalid_request", rejection.body_text()))?;
    if client_name(&request.client_id).is_none() {
        return Err(OAuthError::new("invalid_client", "this application is not known here"));
    }
    let device_name = if request.device_name.trim().is_empty() { "a device" } else { &request.device_name };
    let started = device_grant::start(&app, from, &request.client_id, device_name).await?;
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
