//! The cookie that keeps a browser signed in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use keystead_storage::Account;

use crate::app::{App, Shared};
use crate::error::ApiError;
use crate::operation::sign_in;

fn is_secure(app: &App) -> bool {
    app.public_url.starts_with("https://")
}

/// `__Host-` binds the cookie to this host and to TLS; without TLS, on a developer's machine, browsers refuse it.
fn name(app: &App) -> &'static str {
    if is_secure(app) { "__Host-keystead" } else { "keystead" }
}

/// Keeps a session's secret in the browser.
pub fn keep(app: &App, jar: CookieJar, secret: &str) -> CookieJar {
    jar.add(
        Cookie::build((name(app), secret.to_owned()))
            .path("/")
            .http_only(true)
            .secure(is_secure(app))
            .same_site(SameSite::Lax)
            .max_age(time::Duration::milliseconds(sign_in::SESSION))
            .build(),
    )
}

/// The session's secret, if the browser has one.
pub fn secret(app: &App, jar: &CookieJar) -> Option<String> {
    jar.get(name(app)).map(|cookie| cookie.value().to_owned())
}

/// Takes the secret from the browser.
pub fn forget(app: &App, jar: CookieJar) -> CookieJar {
    jar.remove(Cookie::build(name(app)).path("/").build())
}

/// Who is signed in in this browser.
pub struct Visitor(pub Option<Account>);

impl FromRequestParts<Shared> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let jar = CookieJar::from_headers(&parts.headers);
        match secret(app, &jar) {
            Some(secret) => sign_in::session(app, &secret).await.map(Self),
            None => Ok(Self(None)),
        }
    }
}
