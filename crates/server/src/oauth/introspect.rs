use axum::Json;
use axum::extract::{Form, State, rejection::FormRejection};
use keystead_app::context::Shared;
use keystead_app::oauth::introspect;
use keystead_protocol::text::to_base64url;
use serde::Deserialize;
use serde_json::{Value, json};

use super::OAuthError;
use crate::auth::{Read, Vendor};

#[derive(Deserialize)]
pub struct Request {
    token: String,
}

/// Introspects a token for the vendor's own services (RFC 7662). The services authenticate with an API token
/// that has the scope `read`.
pub async fn introspect(
    State(app): State<Shared>,
    vendor: Vendor<Read>,
    form: Result<Form<Request>, FormRejection>,
) -> Result<Json<Value>, OAuthError> {
    let Form(request) =
        form.map_err(|rejection| OAuthError::new("invalid_request", rejection.body_text()))?;
    let Some(found) = introspect::introspect(&app, &vendor.principal, &request.token).await? else {
        return Ok(Json(json!({ "active": false })));
    };
    let bound = found.session.key_thumbprint.map(|thumbprint| to_base64url(&thumbprint));
    Ok(Json(json!({
        "active": true,
        "iss": super::issuer(&app),
        "sub": found.session.account,
        "client_id": found.session.client,
        "scope": found.session.scope,
        "token_type": if bound.is_some() { "DPoP" } else { "Bearer" },
        "iat": found.session.created_at / 1000,
        "cnf": bound.map(|jkt| json!({ "jkt": jkt })),
    })))
}
