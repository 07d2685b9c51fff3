//! What all pages share: rendering, headers, the words for an error.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::error::ApiError;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// An error as a page tells it: the words first, the code small below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What is the matter.
    pub cause: String,
    /// What to do next.
    pub next_action: String,
    /// The code.
    pub code: String,
}

impl From<&ApiError> for Notice {
    fn from(error: &ApiError) -> Self {
        let problem = error.problem();
        Self {
            cause: problem.detail.filter(|_| error.status().is_client_error()).unwrap_or(problem.title),
            next_action: problem.next_action,
            code: problem.code,
        }
    }
}

/// Renders a page with its security headers.
pub fn render(status: StatusCode, page: &impl Template) -> Response {
    let html = match page.render() {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let mut response = (status, Html(html)).into_response();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Where to go after signing in: a path of this server, or the start page.
pub fn local_path(next: &str) -> &str {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let local = plain && next.starts_with('/') && !next.starts_with("//");
    if local { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn nobody_is_sent_to_another_server() {
        assert_eq!(local_path("/device?code=BCDF-GHJK"), "/device?code=BCDF-GHJK");
        for next in [
            "",
            "https://example.org/",
            "//example.org",
            "/\\example.org",
            "/\t/example.org",
            "javascript:alert(1)",
        ] {
            assert_eq!(local_path(next), "/", "{next}");
        }
    }
}
