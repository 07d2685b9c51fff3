//! Who may ask: the ways in which a principal proves it.

use keystead_app::oauth::scope::{LICENSES, OWNERSHIP, PROFILE, VENDOR};
use keystead_protocol::proof::{NONCE_HEADER, PROOF_HEADER};
use serde_json::{Value, json};

pub const VENDOR_TOKEN: &str = "vendor_token";
pub const ACCOUNT_TOKEN: &str = "account_token";
pub const DEVICE_PROOF: &str = "device_proof";

/// An operation that names no way is open to everybody. Only OAuth has scopes by the specification; those of a vendor's token are told
/// in the description.
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
        operation["description"] = format!("{about}A token of the vendor needs the scope `{scope}`.").into();
    }
}

/// The schemes that the endpoints name.
pub fn schemes(server: &str) -> Value {
    json!({
        VENDOR_TOKEN: {
            "type": "http", "scheme": "bearer", "bearerFormat": "kst_…",
            "description": "A token of the vendor's automation, made by `keystead-server token create`. An operation \
                names the scope that the token needs.",
        },
        ACCOUNT_TOKEN: {
            "type": "oauth2",
            "description": "An access token of an application that a person signed in to; it may be bound to a key by \
                DPoP (RFC 9449). Devices without a browser use the device grant (RFC 8628).",
            "flows": { "authorizationCode": {
                "authorizationUrl": format!("{server}/id/authorize"),
                "tokenUrl": format!("{server}/id/token"),
                "refreshUrl": format!("{server}/id/token"),
                "scopes": {
                    LICENSES: "Use the account's licenses and devices.",
                    OWNERSHIP: "Change who owns the account's licenses, for a few minutes after a sign-in.",
                    PROFILE: "Know the account's name and address.",
                    VENDOR: "Do what the person's role with the vendor allows.",
                },
            } },
        },
        DEVICE_PROOF: {
            "type": "apiKey", "in": "header", "name": PROOF_HEADER,
            "description": format!(
                "The device's signature over the request: method, path, body, and a nonce that any answer gives in \
                 `{NONCE_HEADER}` and that can be used once."
            ),
        },
    })
}
