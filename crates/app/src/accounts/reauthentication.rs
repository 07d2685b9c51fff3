//! Asking a person who is signed in for their credentials again, before something that a thief of the session must not do.

use keystead_domain::throttle::Door;

use crate::accounts::password::{self, Password};
use crate::accounts::second_factor::{self, Typed};
use crate::context::Shared;
use crate::error::AppError;
use crate::principal::Person;

/// What the person typed.
pub struct Reauthentication {
    /// The password.
    pub password: Password,
    /// A code of the second factor, where there is one.
    pub code: String,
}

impl Reauthentication {
    /// Checks both. A code is used up by it.
    ///
    /// # Errors
    /// `password_wrong`, `code_wrong`, or `too_many_attempts`; each wrong one is counted.
    pub async fn check(self, app: &Shared, person: &Person) -> Result<(), AppError> {
        let account = &person.account;
        password::require(app, account, self.password).await?;
        let typed = Typed { door: Door::SecondFactorAgain, account: account.id, code: &self.code };
        second_factor::guarded(app, person, typed, |_| Ok(())).await
    }
}
