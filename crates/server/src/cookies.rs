//! Cookies: the browser session, the pending redirect to an upstream provider, and the accounts known to the
//! browser.

use std::time::Duration;

use axum::http::HeaderName;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use keystead_app::accounts::sign_in;
use keystead_app::accounts::upstream_sign_in::BrowserKey;
use keystead_app::context::App;
use keystead_app::security::known_browser;
use keystead_domain::Millis;
use keystead_protocol::id::AccountId;
use keystead_protocol::text::{array_from_base64url, to_base64url};

/// The name of the session cookie. The `__Host-` prefix binds the cookie to this host and requires TLS.
/// Without TLS, as on a developer's machine, browsers refuse the prefix.
fn name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-keystead" } else { "keystead" }
}

/// Stores the session secret in the browser and marks the browser as known to `account`.
pub fn keep(app: &App, jar: CookieJar, account: AccountId, secret: &str) -> CookieJar {
    remember(app, jar, account).add(lasting(app, name(app), secret.to_owned(), sign_in::SESSION))
}

fn cookie(app: &App, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(app.is_secure())
        .same_site(SameSite::Lax)
        .build()
}

fn lasting(app: &App, name: &'static str, value: String, lifetime: Millis) -> Cookie<'static> {
    let age = Duration::from_millis(lifetime.unsigned_abs()).try_into().unwrap_or_default();
    Cookie::build(cookie(app, name, value)).max_age(age).build()
}

fn known_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-keystead-known" } else { "keystead-known" }
}

/// The accounts that signed in with this browser before.
pub fn known_accounts(app: &App, jar: &CookieJar) -> Vec<AccountId> {
    jar.get(known_name(app)).map_or(Vec::new(), |cookie| known_browser::open(app, cookie.value()))
}

fn remember(app: &App, jar: CookieJar, account: AccountId) -> CookieJar {
    let sealed = known_browser::seal(app, known_accounts(app, &jar), account);
    jar.add(lasting(app, known_name(app), sealed, known_browser::LIFETIME))
}

fn departure_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-keystead-departure" } else { "keystead-departure" }
}

/// Marks a browser that is sent to an upstream provider, so that only the same browser can complete the sign-in.
pub fn keep_departure(app: &App, jar: CookieJar, browser: BrowserKey) -> CookieJar {
    jar.add(cookie(app, departure_name(app), to_base64url(&browser)))
}

/// The mark of a browser that was sent to an upstream provider.
pub fn departure(app: &App, jar: &CookieJar) -> Option<BrowserKey> {
    array_from_base64url(jar.get(departure_name(app))?.value())
}

/// Removes the mark that [`keep_departure`] set.
pub fn forget_departure(app: &App, jar: CookieJar) -> CookieJar {
    jar.remove(Cookie::build(departure_name(app)).path("/").build())
}

/// The session secret, if the browser has one.
pub fn secret(app: &App, jar: &CookieJar) -> Option<String> {
    jar.get(name(app)).map(|cookie| cookie.value().to_owned())
}

/// Removes the session secret.
pub fn forget(app: &App, jar: CookieJar) -> CookieJar {
    jar.remove(Cookie::build(name(app)).path("/").build())
}

/// Tells the browser to delete data that pages stored (Clear Site Data, section 3.1). The header does not
/// name the cache, because browsers never cache pages. It does not name cookies, because the cookie jar
/// removes them.
pub fn clear_site_data() -> [(HeaderName, &'static str); 1] {
    [(HeaderName::from_static("clear-site-data"), "\"storage\"")]
}
