//! The id of a request: in its response, in every log line about it, and in its problem body.

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use keystead_app::context::App;

/// The header that carries the id.
pub const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Maximum length of an id from a proxy.
const LONGEST: usize = 64;

/// The id of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id that a trusted proxy assigned, or a new one.
    pub fn of(app: &App, headers: &HeaderMap) -> Self {
        let given = headers.get(REQUEST_ID_HEADER).filter(|_| app.config.trusted_proxies > 0);
        given.and_then(Self::from_proxy).unwrap_or_else(|| Self::new(app))
    }

    fn new(app: &App) -> Self {
        Self(uuid::Uuid::from_bytes(app.new_id()).to_string().into())
    }

    /// Accepts an id that is safe in logs and pages: short, without special characters.
    fn from_proxy(value: &HeaderValue) -> Option<Self> {
        let text = value.to_str().ok()?;
        let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:=".contains(&byte);
        let is_id = (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_safe);
        is_id.then(|| Self(text.into()))
    }

    /// The id as a header value.
    pub fn to_header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or(HeaderValue::from_static("-"))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxys_id_is_short_and_of_safe_characters() {
        let id = |text: &str| RequestId::from_proxy(&HeaderValue::from_str(text).unwrap());
        let root = "Root=1-67891233-abcdef012345678912345678";
        assert_eq!(id(root).unwrap().to_header(), root);
        for bad in ["", "two words", "<b>", "a\"b", &"x".repeat(LONGEST + 1)] {
            assert_eq!(id(bad), None, "{bad}");
        }
    }
}
