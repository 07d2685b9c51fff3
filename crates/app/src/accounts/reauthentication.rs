//! Asks a signed-in person for their credentials again, before an action that a stolen session must not allow.

use keystead_domain::attempts::Door;
use keystead_storage::Tx;

use crate::accounts::password::{self, Password};
use crate::accounts::second_factor::{self, TypedCode};
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

/// A code of the second factor whose password was right; the code is not checked yet.
pub struct PendingCode(String);

impl Reauthentication {
    /// Checks the password and the code, and consumes the code.
    ///
    /// # Errors
    /// `password_wrong`, `code_wrong`, or `too_many_attempts`. Each failure is counted.
    pub async fn check(self, app: &Shared, person: &Person) -> Result<(), AppError> {
        self.check_password(app, person).await?.guard(app, person, |_| Ok(())).await
    }

    /// Checks the password; the code is checked in the transaction of the change that it protects, so that a change that
    /// fails does not use it up.
    ///
    /// # Errors
    /// `password_wrong` or `too_many_attempts`; a wrong password is counted.
    pub async fn check_password(self, app: &Shared, person: &Person) -> Result<PendingCode, AppError> {
        password::require(app, &person.account, self.password).await?;
        Ok(PendingCode(self.code))
    }
}

impl PendingCode {
    /// Runs `change` for `person` in a transaction if the code is right; otherwise only counts the attempt.
    ///
    /// # Errors
    /// `code_wrong` or `too_many_attempts`, and those of `change`.
    pub async fn guard<T: Send + 'static>(
        self,
        app: &Shared,
        person: &Person,
        change: impl FnMut(&mut Tx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let typed = TypedCode { door: Door::SecondFactorAgain, account: person.account.id, code: &self.0 };
        second_factor::guarded(app, person, typed, change).await
    }
}
