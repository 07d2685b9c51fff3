//! Authentication of API requests, as OpenAPI security schemes.

use keystead_app::oauth::scope::{LICENSES, OWNERSHIP, PROFILE, VENDOR};
use keystead_protocol::proof::{NONCE_HEADER, PROOF_HEADER};
use serde_json::{Value, json};

pub const VENDOR_TOKEN: &str = "vendor_token";
pub const ACCOUNT_TOKEN: &str = "account_token";
pub const DEVICE_PROOF: &str = "device_proof";

/// Completes an operation's security. An operation without a scheme is public. OpenAPI allows scopes only for OAuth,
/// so the scope of a vendor token is added to the description.
pub fn complete(operation: &mut Value) {
    if operation["security"].is_null() {
        operation["security"] = json!([]);
    }
    let mut scopes = Vec::new();
    for way in operation["security"].as_array_mut().into_iter().flatten() {
        if let Some(named) = way.get_mut(VENDOR_TOKEN).and_then(Value::as_array_mut) {
            scopes.append(named);
        }
    }
    if let Some(scope) = scopes.iter().find_map(Value::as_str) {
        let about = operation["description"].as_str().map(|about| format!("{about}\n\n")).unwrap_or_default();
        operation["description"] = format!("{about}A vendor token needs the scope `{scope}`.").into();
    }
}

/// The security schemes that the endpoints refer to.
pub fn schemes(server: &str) -> Value {
    json!({
        VENDOR_TOKEN: {
            "type": "http", "scheme": "bearer", "bearerFormat": "kst_…",
            "description": "A token for the vendor's automation, created by `keystead-server token create`. Each operation \
                states the scope that the token needs.",
        },
        ACCOUNT_TOKEN: {
            "type": "oauth2",
            "description": "An access token of an application that a person signed in to. It may be bound to a key with \
                DPoP (RFC 9449). Devices without a browser use the device grant (RFC 8628).",
            "flows": { "authorizationCode": {
                "authorizationUrl": format!("{server}/id/authorize"),
                "tokenUrl": format!("{server}/id/token"),
                "refreshUrl": format!("{server}/id/token"),
                "scopes": {
                    LICENSES: "Use the account's licenses and devices.",
                    OWNERSHIP: "Change the owner of the account's licenses, for a few minutes after a sign-in.",
                    PROFILE: "Read the account's name and email address.",
                    VENDOR: "Use the permissions of the person's role at the vendor.",
                },
            } },
        },
        DEVICE_PROOF: {
            "type": "apiKey", "in": "header", "name": PROOF_HEADER,
            "description": format!(
                "The device's signature over the request: method, path, body, and a single-use nonce. Every response \
                 contains a new nonce in `{NONCE_HEADER}`."
            ),
        },
    })
}
