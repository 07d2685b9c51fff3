//! What an application asks for, as its person reads it before they allow it.

use keystead_app::oauth::{rotate_tokens, scope};
use keystead_domain::DAY;
use keystead_storage::{Account, Role};

/// What an application will know and do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asks {
    /// Use licenses and devices.
    pub manages: bool,
    /// Change who owns licenses, for a few minutes.
    pub owns: bool,
    /// Learn name and address.
    pub shares: bool,
    /// Act for the vendor; for those only who can.
    pub serves: bool,
}

impl Asks {
    /// What `scope` lets an application do for `account`.
    pub fn of(scope: &str, account: &Account) -> Self {
        Self {
            manages: scope::contains(scope, scope::LICENSES),
            owns: scope::contains(scope, scope::OWNERSHIP),
            shares: scope::contains(scope, scope::PROFILE) || scope::contains(scope, "email"),
            serves: scope::contains(scope, scope::VENDOR) && account.role != Role::Customer,
        }
    }

    /// How long the application stays signed in at the most.
    pub fn days(&self) -> i64 {
        rotate_tokens::SESSION / DAY
    }
}
