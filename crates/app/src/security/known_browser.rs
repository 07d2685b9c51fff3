//! Browsers that signed in before: strangers who guess an account's password do not lock its owner out of them (OWASP, "Slow
//! Down Online Guessing Attacks with Device Cookies"). The sealed value says nothing to anybody else and opens nothing.

use keystead_domain::{DAY, Millis};
use keystead_protocol::id::AccountId;

use crate::context::App;
use crate::security::sealed_token::{self, UNBOUND};

const KIND: &str = "known-browser";
/// How long a browser is known after its last sign-in: as long as browsers keep any cookie.
pub const LIFETIME: Millis = 400 * DAY;
/// Maximum number of accounts that one browser is known to; the latest stay.
const MAX_ACCOUNTS: usize = 5;

/// The accounts that a cookie's value names.
pub fn open(app: &App, value: &str) -> Vec<AccountId> {
    let sealed = sealed_token::open::<Vec<String>>(app, KIND, UNBOUND, value);
    sealed.map_or(Vec::new(), |sealed| sealed.value.iter().filter_map(|id| id.parse().ok()).collect())
}

/// The cookie's value once `account` signed in with a browser that was known to `before`.
pub fn seal(app: &App, before: Vec<AccountId>, account: AccountId) -> String {
    let before = before.into_iter().filter(|known| *known != account);
    let accounts: Vec<String> =
        std::iter::once(account).chain(before).take(MAX_ACCOUNTS).map(|id| id.to_string()).collect();
    sealed_token::seal(app, KIND, UNBOUND, &accounts, LIFETIME)
}
