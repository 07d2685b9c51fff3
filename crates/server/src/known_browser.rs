//! Browsers that signed in before: strangers who guess an account's password do not lock its owner out of them (OWASP, "Slow
//! Down Online Guessing Attacks with Device Cookies"). The cookie is sealed, says nothing to anybody else and opens nothing.

use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use keystead_domain::{DAY, Millis};
use keystead_protocol::id::AccountId;

use crate::app::App;
use crate::carried::{self, ANYBODY};

const KIND: &str = "known-browser";
/// How long a browser is known after its last sign-in: as long as browsers keep any cookie.
const LIFETIME: Millis = 400 * DAY;
/// Accounts that one browser is known to at the most; the latest stay.
const MOST: usize = 5;

fn name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-keystead-known" } else { "keystead-known" }
}

/// The accounts that signed in with the browser before.
pub fn accounts(app: &App, headers: &HeaderMap) -> Vec<AccountId> {
    known(app, &CookieJar::from_headers(headers)).unwrap_or_default()
}

fn known(app: &App, jar: &CookieJar) -> Option<Vec<AccountId>> {
    let sealed = carried::open::<Vec<String>>(app, KIND, ANYBODY, jar.get(name(app))?.value())?;
    Some(sealed.value.iter().filter_map(|id| id.parse().ok()).collect())
}

/// Makes the browser known to an account that signed in with it.
pub fn remember(app: &App, jar: CookieJar, account: AccountId) -> CookieJar {
    let before = known(app, &jar).unwrap_or_default().into_iter().filter(|known| *known != account);
    let accounts: Vec<String> =
        std::iter::once(account).chain(before).take(MOST).map(|id| id.to_string()).collect();
    let sealed = carried::seal(app, KIND, ANYBODY, &accounts, LIFETIME);
    jar.add(
        Cookie::build((name(app), sealed))
            .path("/")
            .http_only(true)
            .secure(app.is_secure())
            .same_site(SameSite::Lax)
            .max_age(time::Duration::milliseconds(LIFETIME))
            .build(),
    )
}
