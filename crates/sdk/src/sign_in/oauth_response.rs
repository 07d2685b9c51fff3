//! Fields of the authorization server's JSON responses.

use keystead_protocol::Code;
use serde_json::Value;

use crate::Error;

/// A text field that must be present.
pub(super) fn text(response: &Value, name: &str) -> Result<String, Error> {
    response[name].as_str().map(str::to_owned).ok_or_else(|| Error::new(Code::NotTheServer, name))
}

/// The OAuth error code, or an empty text.
pub(super) fn error_code(response: &Value) -> &str {
    response["error"].as_str().unwrap_or_default()
}
