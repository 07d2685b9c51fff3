use axum::Json;
use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::oauth::oauth_client::SCOPES;
use serde_json::{Value, json};

use super::issuer;

/// Metadata of this authorization server (RFC 8414; OpenID Connect Discovery 1.0).
pub async fn metadata(State(app): State<Shared>) -> Json<Value> {
    let issuer = issuer(&app);
    let mut metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "device_authorization_endpoint": format!("{issuer}/device_authorization"),
        "token_endpoint": format!("{issuer}/token"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "introspection_endpoint": format!("{issuer}/introspect"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "dpop_signing_alg_values_supported": ["ES256", "EdDSA"],
        "authorization_response_iss_parameter_supported": true,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "name", "locale", "email", "email_verified"],
        "prompt_values_supported": ["consent", "login"],
    });
    if app.clients.iter().any(|client| client.first_party) {
        metadata["authorization_challenge_endpoint"] = format!("{issuer}/challenge").into();
    }
    Json(metadata)
}

/// The public keys that verify ID tokens (RFC 7517).
pub async fn keys(State(app): State<Shared>) -> Json<Value> {
    Json(app.keys.with(|secrets| secrets.id_tokens.key_set()))
}
