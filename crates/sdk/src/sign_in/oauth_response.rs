//! Reads fields of the authorization server's JSON responses.

use keystead_protocol::Code;
use serde_json::Value;

use crate::Error;

/// A required text field.
pub(super) fn text(response: &Value, name: &str) -> Result<String, Error> {
    response[name].as_str().map(str::to_owned).ok_or_else(|| Error::new(Code::NotTheServer, name))
}

/// The OAuth error code, or an empty string.
pub(super) fn error_code(response: &Value) -> &str {
    response["error"].as_str().unwrap_or_default()
}
