//! The cookie that keeps a browser signed in.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::app::App;
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
