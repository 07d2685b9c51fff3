//! Asks a signed-in person for their credentials again, before an action that a stolen session must not allow.

use keystead_domain::guess_limits::Door;
use keystead_storage::Tx;

use crate::accounts::password::{self, Password};
use crate::accounts::second_factor::{self, TypedCode};
use crate::context::Shared;
use crate::error::AppError;
use crate::principal::Principal;

/// The credentials as typed.
pub struct Reauthentication {
    /// The password.
    pub password: Password,
    /// A second-factor code, for accounts that have a second factor.
    pub code: String,
}

/// A second-factor code. The password was correct; the code is not checked yet.
pub struct PendingCode(String);

impl Reauthentication {
    /// Checks the password and the code, and consumes the code.
    ///
    /// # Errors
    /// `password_wrong`, `code_wrong`, or `too_many_attempts`. Each failure is counted.
    pub(crate) async fn check(self, app: &Shared, principal: &Principal) -> Result<(), AppError> {
        self.check_password(app, principal).await?.guard(app, principal, |_| Ok(())).await
    }

    /// Checks the password. `guard` checks the code in the same transaction as the change: if the change fails, the
    /// code stays unused.
    ///
    /// # Errors
    /// `password_wrong` or `too_many_attempts`; a wrong password is counted.
    pub(crate) async fn check_password(
        self,
        app: &Shared,
        principal: &Principal,
    ) -> Result<PendingCode, AppError> {
        password::require(app, &principal.require_person()?.account, self.password).await?;
        Ok(PendingCode(self.code))
    }
}

impl PendingCode {
    /// Runs `change` for `principal` in a transaction if the code is correct; otherwise only counts the attempt.
    ///
    /// # Errors
    /// `code_wrong` or `too_many_attempts`, and those of `change`.
    pub(crate) async fn guard<T: Send + 'static>(
        self,
        app: &Shared,
        principal: &Principal,
        change: impl FnMut(&mut Tx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let account = principal.require_person()?.account.id;
        let typed = TypedCode { door: Door::SecondFactorAgain, account, code: &self.0 };
        second_factor::guarded(app, principal, typed, change).await
    }
}
