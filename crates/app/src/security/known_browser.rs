//! Browsers that signed in before. They have a separate attempt limit, so guesses by strangers do not lock
//! out the account's owner (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). The cookie is
//! sealed and grants no access.

use keystead_domain::{DAY, Millis};
use keystead_protocol::id::AccountId;

use crate::context::App;
use crate::security::sealed_token::{self, UNBOUND};

const KIND: &str = "known-browser";
/// How long a browser stays known after its last sign-in: the maximum lifetime of a cookie.
pub const LIFETIME: Millis = 400 * DAY;
/// Maximum number of accounts per browser. The latest accounts are kept.
const MAX_ACCOUNTS: usize = 5;

/// The accounts in a cookie value.
pub fn open(app: &App, value: &str) -> Vec<AccountId> {
    let sealed = sealed_token::open::<Vec<String>>(app, KIND, UNBOUND, value);
    sealed.map_or(Vec::new(), |sealed| sealed.value.iter().filter_map(|id| id.parse().ok()).collect())
}

/// The cookie value after a sign-in to `account`. `before` lists the accounts of the previous cookie.
pub fn seal(app: &App, before: Vec<AccountId>, account: AccountId) -> String {
    let before = before.into_iter().filter(|known| *known != account);
    let accounts: Vec<String> =
        std::iter::once(account).chain(before).take(MAX_ACCOUNTS).map(|id| id.to_string()).collect();
    sealed_token::seal(app, KIND, UNBOUND, &accounts, LIFETIME)
}
