//! Asks a signed-in person for their credentials again, before an action that a stolen session must not allow.

use keystead_domain::throttle::Door;

use crate::accounts::password::{self, Password};
use crate::accounts::second_factor::{self, Typed};
use crate::context::Shared;
use crate::error::AppError;
use crate::principal::Person;

/// The credentials as typed.
pub struct Reauthentication {
    /// The password.
    pub password: Password,
    /// A second-factor code, for accounts that have a second factor.
    pub code: String,
}

impl Reauthentication {
    /// Checks the password and the code, and consumes the code.
    ///
    /// # Errors
    /// `password_wrong`, `code_wrong`, or `too_many_attempts`. Each failure is counted.
    pub async fn check(self, app: &Shared, person: &Person) -> Result<(), AppError> {
        let account = &person.account;
        password::require(app, account, self.password).await?;
        let typed = Typed { door: Door::SecondFactorAgain, account: account.id, code: &self.code };
        second_factor::guarded(app, person, typed, |_| Ok(())).await
    }
}
