//! Shared by all pages: the frame, response headers, error notices.

use std::fmt::Display;

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keystead_app::context::App;
use keystead_app::error::AppError;
use keystead_app::i18n::{Text, Texts};
use keystead_app::time_format;
use keystead_domain::Millis;
use keystead_protocol::Code;
use keystead_storage::Account;
use tower_http::request_id::RequestId;

use crate::problem::status_of;
use crate::request_id;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// The navigation entry that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Overview,
    Info,
    Devices,
    Link,
    Security,
    Privacy,
    Elsewhere,
}

/// The frame around every page.
pub struct Shell {
    /// The vendor's name.
    pub vendor: String,
    texts: &'static Texts,
    /// The signed-in person.
    pub person: Option<Person>,
    place: Place,
    now: Millis,
    request_id: RequestId,
}

/// A signed-in person, as the navigation shows them.
pub struct Person {
    /// The name.
    pub name: String,
    /// The email address.
    pub email: String,
    /// Initials, shown instead of a picture.
    pub initials: String,
}

/// An entry of the navigation.
pub struct Entry {
    /// The path of the page.
    pub path: &'static str,
    /// The name of the entry's text.
    pub text: &'static str,
    /// The name of the entry's icon.
    pub icon: &'static str,
    place: Place,
}

const ENTRIES: [Entry; 6] = [
    Entry { path: "/", text: "nav-overview", icon: "home", place: Place::Overview },
    Entry { path: "/account", text: "nav-info", icon: "person", place: Place::Info },
    Entry { path: "/devices", text: "nav-devices", icon: "device", place: Place::Devices },
    Entry { path: "/link", text: "nav-link", icon: "key", place: Place::Link },
    Entry { path: "/security", text: "nav-security", icon: "shield", place: Place::Security },
    Entry { path: "/privacy", text: "nav-privacy", icon: "chart", place: Place::Privacy },
];

impl Shell {
    /// Creates the frame for the response to a request.
    pub fn new(
        app: &App,
        texts: &'static Texts,
        account: Option<&Account>,
        place: Place,
        request_id: RequestId,
    ) -> Self {
        let person = account.map(|account| Person {
            name: account.name.clone(),
            email: account.email.clone(),
            initials: keystead_protocol::api::initials(&account.name),
        });
        Self { vendor: app.tenant.name.clone(), texts, person, place, now: app.now(), request_id }
    }

    /// The language's tag.
    pub fn language(&self) -> &'static str {
        self.texts.tag
    }

    /// A text by its name.
    pub fn say<'a>(&'a self, name: &'a str) -> Text<'a> {
        self.texts.say(name)
    }

    /// Cause and next action of a code.
    pub fn code(&self, code: Code) -> (String, String) {
        self.texts.code(code)
    }

    /// Formats a date.
    pub fn day(&self, at: &Millis) -> Text<'_> {
        self.texts.day(at)
    }

    /// Formats how long ago a time was.
    pub fn ago(&self, at: &Millis) -> Text<'_> {
        self.texts.ago(at, &self.now)
    }

    /// The exact time (RFC 3339), for machines and for tooltips.
    pub fn exact(&self, at: &Millis) -> String {
        time_format::date_time(*at)
    }

    /// The navigation.
    pub fn entries(&self) -> &'static [Entry] {
        &ENTRIES
    }

    /// Whether a page belongs to this entry.
    pub fn is_at(&self, entry: &Entry) -> bool {
        entry.place == self.place
    }

    /// An error in the page's language.
    pub fn notice(&self, error: &AppError) -> Notice {
        let (cause, next_action) = self.texts.code(error.code());
        let status = status_of(error);
        let detail = error.detail.as_ref().filter(|_| status.is_client_error()).map(|text| sentence(text));
        let request_id = status.is_server_error().then(|| request_id::text(&self.request_id).to_owned());
        Notice { cause, detail, next_action, code: error.code().name().to_owned(), request_id }
    }
}

/// Turns a detail into a sentence. Details are fragments in logs and problem bodies, but stand alone on a
/// page.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// An error, as shown on a page. The code is shown small below the texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The cause.
    pub cause: String,
    /// The detail of this case.
    pub detail: Option<String>,
    /// The next action.
    pub next_action: String,
    /// The code.
    pub code: String,
    /// The request's id, if the error is internal.
    pub request_id: Option<String>,
}

/// Renders a page with its security headers.
pub fn render(status: StatusCode, page: &impl Template) -> Response {
    render_with_targets(status, page, None)
}

/// Renders a page whose form may also lead to `target`, a source expression of the content security policy.
pub fn render_with_targets(status: StatusCode, page: &impl Template, target: Option<&str>) -> Response {
    let html = match page.render() {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let policy = target.and_then(|target| HeaderValue::try_from(format!("{POLICY} {target}")).ok());
    let policy = policy.unwrap_or(HeaderValue::from_static(POLICY));
    let permissions = HeaderName::from_static("permissions-policy");
    // Capacity for these headers and for the headers that middleware adds.
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (permissions, "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

#[derive(Template)]
#[template(path = "shared/message.html")]
struct Message {
    shell: Shell,
    title: String,
    text: String,
    link: Option<(String, String)>,
    notice: Option<Notice>,
}

/// A page with one message. `link` is the address of the next step and the name of its label's text.
pub fn message(
    shell: Shell,
    title: impl Display,
    text: impl Display,
    link: Option<(&str, &str)>,
) -> Response {
    let (title, text) = (title.to_string(), text.to_string());
    let link = link.map(|(path, name)| (path.to_owned(), shell.say(name).to_string()));
    render(StatusCode::OK, &Message { shell, title, text, link, notice: None })
}

/// A page that shows an error.
pub fn trouble(shell: Shell, error: &AppError) -> Response {
    error.log();
    let notice = Some(shell.notice(error));
    let not_found = error.code() == Code::NotFound;
    let title = if not_found { shell.say("not-found-title") } else { shell.say("trouble-title") }.to_string();
    let link = Some(("/".to_owned(), shell.say("back-to-overview").to_string()));
    render(status_of(error), &Message { shell, title, text: String::new(), link, notice })
}

/// Whether the person can correct the error.
pub fn is_persons(error: &AppError) -> bool {
    status_of(error).is_client_error()
}

/// The path to continue at after signing in: `next` if it is a path on this server, otherwise the start page.
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
