use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::Shared;

/// What this authorization server can do (RFC 8414).
pub async fn metadata(State(app): State<Shared>) -> Json<Value> {
    let url = &app.public_url;
    Json(json!({
        "issuer": format!("{url}/id"),
        "device_authorization_endpoint": format!("{url}/id/device_authorization"),
        "token_endpoint": format!("{url}/id/token"),
        "revocation_endpoint": format!("{url}/id/revoke"),
        "grant_types_supported": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
    }))
}
