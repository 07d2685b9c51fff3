//! Who opens a page, in which language.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;

use super::cookie;
use super::page::{Place, Shell};
use crate::app::Shared;
use crate::error::ApiError;
use crate::middleware::note_actor;
use crate::operation::sign_in;
use crate::principal::Person;
use crate::request_id::RequestId;
use crate::texts::Texts;

/// Somebody who opens a page, signed in or not.
pub struct Visit {
    /// The server.
    pub app: Shared,
    /// The language.
    pub texts: &'static Texts,
    /// Who it is.
    pub signed_in: Option<Person>,
    /// What the browser says it is.
    pub browser: String,
    /// The request's id.
    pub request_id: RequestId,
}

/// Somebody who opens a page and is signed in; others are sent to sign in first and come back.
pub struct SignedIn {
    /// The server.
    pub app: Shared,
    /// The language.
    pub texts: &'static Texts,
    /// Who it is.
    pub person: Person,
    /// The request's id.
    pub request_id: RequestId,
}

impl Visit {
    /// The frame around a page for everybody.
    pub fn shell(&self) -> Shell {
        let account = self.signed_in.as_ref().map(|person| &person.account);
        Shell::new(&self.app, self.texts, account, Place::Elsewhere, self.request_id.clone())
    }
}

impl SignedIn {
    /// The frame around a page of the account.
    pub fn shell(&self, place: Place) -> Shell {
        Shell::new(&self.app, self.texts, Some(&self.person.account), place, self.request_id.clone())
    }
}

impl FromRequestParts<Shared> for Visit {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let jar = CookieJar::from_headers(&parts.headers);
        let signed_in = match cookie::secret(app, &jar) {
            Some(secret) => sign_in::session(app, &secret).await?,
            None => None,
        };
        if let Some(person) = &signed_in {
            note_actor(&format!("account:{}", person.account.id));
        }
        let chosen = signed_in.as_ref().and_then(|person| person.account.language.as_deref());
        let texts = chosen.map_or_else(|| Texts::wanted(&parts.headers), Texts::of);
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let browser = browser_name(agent.unwrap_or_default());
        let request_id = RequestId::from_request_parts(parts, app).await?;
        Ok(Self { app: app.clone(), texts, signed_in, browser, request_id })
    }
}

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let Some(person) = visit.signed_in else {
            // A form that arrived too late is lost; its address is no page to come back to.
            let page = if parts.method == Method::GET { parts.uri.path_and_query() } else { None };
            let path = page.map_or("/", |page| page.as_str());
            let next: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
            let to = if path == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={next}") };
            return Err(Redirect::to(&to).into_response());
        };
        Ok(Self { app: visit.app, texts: visit.texts, person, request_id: visit.request_id })
    }
}

/// `Firefox on Linux`, as far as a user agent tells.
fn browser_name(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |names: [(&str, &'static str); 6]| {
        names.into_iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| name)
    };
    match (find(BROWSERS), find(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser_name;

    #[test]
    fn a_browser_is_named_as_its_person_knows_it() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(browser_name(edge), "Edge on Windows");
        assert_eq!(
            browser_name("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox on Linux"
        );
        assert_eq!(browser_name("curl/8.0"), "Browser");
    }
}
