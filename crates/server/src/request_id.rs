//! The id of a request. It appears in the response's header, in every log line about the request, and in the
//! problem body.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Request as AnyRequest};
use keystead_app::context::{App, Shared};
use tower_http::request_id::{MakeRequestId, RequestId};

/// The header with the id.
pub const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Maximum length of an id from a proxy.
const LONGEST: usize = 64;

/// Generates the ids of requests that have none.
#[derive(Clone)]
pub struct NewRequestId(pub Shared);

impl MakeRequestId for NewRequestId {
    fn make_request_id<B>(&mut self, _: &AnyRequest<B>) -> Option<RequestId> {
        let id = uuid::Uuid::from_bytes(self.0.new_id()).to_string();
        HeaderValue::try_from(id).ok().map(RequestId::new)
    }
}

/// Removes the id if no trusted proxy assigned it, or if it is not safe in logs and pages.
pub fn remove_untrusted(app: &App, mut request: Request) -> Request {
    let is_trusted = |id| app.config.trusted_proxies > 0 && is_safe(id);
    if !request.headers().get(REQUEST_ID_HEADER).is_some_and(is_trusted) {
        request.headers_mut().remove(REQUEST_ID_HEADER);
    }
    request
}

/// Whether an id is short and without special characters.
fn is_safe(id: &HeaderValue) -> bool {
    let is_safe = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:=".contains(byte);
    (1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(is_safe)
}

/// The id as text.
pub fn text(id: &RequestId) -> &str {
    id.header_value().to_str().unwrap_or("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxys_id_is_short_and_of_safe_characters() {
        let accepts = |text: &str| is_safe(&HeaderValue::from_str(text).unwrap());
        assert!(accepts("Root=1-67891233-abcdef012345678912345678"));
        for bad in ["", "two words", "<b>", "a\"b", &"x".repeat(LONGEST + 1)] {
            assert!(!accepts(bad), "{bad}");
        }
    }
}
