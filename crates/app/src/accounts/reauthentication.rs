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

/// A second-factor code that is not checked yet. The password was correct.
pub struct PendingCode(String);

impl Reauthentication {
    /// Checks the password and the code, and consumes the code.
    ///
    /// # Errors
    /// `password_wrong`, `code_wrong`, or `too_many_attempts`. Each failure is counted.
    pub(crate) async fn check(self, app: &Shared, principal: &Principal) -> Result<(), AppError> {
        self.check_password(app, principal).await?.guard(app, principal, |_| Ok(())).await
    }

    /// Checks the password. [`PendingCode::guard`] then checks the code in the transaction of the change. If
    /// the change fails, the code stays unused.
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
    /// Runs `change` for `principal` in a transaction if the code is correct. A wrong code is only counted.
    ///
    /// # Errors
    /// `code_wrong` or `too_many_attempts`, and the errors of `change`.
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

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;

    use super::*;
    use crate::testing::{Customer, PASSWORD, World, on_both, refusal, typed};

    async fn checked(world: &World, customer: &Customer, password: &str, code: &str) -> Result<(), AppError> {
        let typed = Reauthentication { password: typed(password), code: code.to_owned() };
        typed.check(&world.app, &customer.principal()).await
    }

    #[test]
    fn password_and_code_are_both_required() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            checked(&world, &customer, PASSWORD, "").await.unwrap();
            assert_eq!(refusal(checked(&world, &customer, "wrong", "").await), Code::PasswordWrong);
            let app = world.set_up_app(&mut customer).await;
            assert_eq!(refusal(checked(&world, &customer, PASSWORD, "").await), Code::CodeWrong);
            let code = app.code(&world);
            assert_eq!(refusal(checked(&world, &customer, "wrong", &code).await), Code::PasswordWrong);
            checked(&world, &customer, PASSWORD, &code).await.unwrap();
        });
    }

    #[test]
    fn code_survives_a_change_that_fails() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let app = world.set_up_app(&mut customer).await;
            let (principal, credentials) = (customer.principal(), app.credentials(&world));
            let code = credentials.check_password(&world.app, &principal).await.unwrap();
            let failed: Result<(), _> =
                code.guard(&world.app, &principal, |_| Err(Code::Overloaded.into())).await;
            assert_eq!(refusal(failed), Code::Overloaded);
            checked(&world, &customer, PASSWORD, &app.code(&world)).await.unwrap();
        });
    }

    #[test]
    fn wrong_passwords_lock_the_reauthentication() {
        on_both(async |world| {
            let customer = world.customer().await;
            for _ in 0..Door::Reauthentication.free_failures() {
                assert_eq!(refusal(checked(&world, &customer, "wrong", "").await), Code::PasswordWrong);
            }
            assert_eq!(refusal(checked(&world, &customer, PASSWORD, "").await), Code::TooManyAttempts);
        });
    }

    #[test]
    fn only_a_signed_in_person_reauthenticates() {
        on_both(async |world| {
            let customer = world.customer().await;
            let attempt =
                async |principal: &Principal| customer.credentials().check(&world.app, principal).await;
            world.assert_for_persons_only(&customer, attempt).await;
            world.sign_out(&customer).await;
            assert_eq!(refusal(attempt(&customer.principal()).await), Code::TokenExpired);
        });
    }
}
