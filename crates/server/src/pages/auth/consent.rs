//! The permissions that an application requests, as shown to the person.

use keystead_app::oauth::{rotate_tokens, scope};
use keystead_domain::DAY;
use keystead_storage::{Account, Role};

/// The permissions that an application requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asks {
    /// Use licenses and devices.
    pub manages: bool,
    /// Change who owns licenses, for a few minutes.
    pub owns: bool,
    /// Read name and email address.
    pub shares: bool,
    /// Act for the vendor. Only shown to staff.
    pub serves: bool,
}

impl Asks {
    /// The permissions that `scope` gives an application on `account`.
    pub fn of(scope: &str, account: &Account) -> Self {
        Self {
            manages: scope::contains(scope, scope::LICENSES),
            owns: scope::contains(scope, scope::OWNERSHIP),
            shares: scope::contains(scope, scope::PROFILE) || scope::contains(scope, "email"),
            serves: scope::contains(scope, scope::VENDOR) && account.role != Role::Customer,
        }
    }

    /// Maximum number of days that the application stays signed in.
    pub fn days(&self) -> i64 {
        rotate_tokens::SESSION / DAY
    }
}
