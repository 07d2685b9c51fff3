//! Hashes and verifies passwords with argon2id, on blocking threads and with bounded concurrency.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use keystead_domain::account::{Email, check_password};
use keystead_domain::context_words;
use keystead_domain::guess_limits::Door;
use keystead_protocol::Code;
use keystead_storage::Account;
use tokio::sync::OwnedSemaphorePermit;
use zeroize::Zeroizing;

use crate::context::Shared;
use crate::entropy;
use crate::error::AppError;
use crate::security::attempts::{self, Attempt};

/// A password as typed.
pub type Password = Zeroizing<String>;

/// Hashes a new password for the account with this address. Refuses passwords that are not allowed.
pub(crate) async fn choose(app: &Shared, password: Password, email: &Email) -> Result<String, AppError> {
    check_password(&password, email).map_err(|_| AppError::from(Code::PasswordTooWeak))?;
    let words = context_words::of(email, &[&app.tenant.name, &app.tenant.slug]);
    if context_words::are_most_of(&words, &password) {
        let why = "this one is mostly the email address or the vendor's name";
        return Err(AppError::with_detail(Code::PasswordTooWeak, why));
    }
    if let Some(breached) = &app.breached {
        let found = breached.contains(&password).map_err(|error| {
            tracing::error!(%error, "the file of breached passwords cannot be read");
            AppError::from(Code::Internal)
        })?;
        if found {
            return Err(AppError::with_detail(Code::PasswordTooWeak, "this one was found in a data breach"));
        }
    }
    hash(app, password).await
}

/// Hashes a password for storage, in PHC form.
async fn hash(app: &Shared, password: Password) -> Result<String, AppError> {
    let turn = turn(app).await?;
    let hashed = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &entropy::bytes::<16>())
            .map(|hash| hash.to_string())
    });
    hashed.await.ok().and_then(Result::ok).ok_or_else(|| Code::Internal.into())
}

/// Whether the password matches `hash`. Without a hash, the call takes the same time, so the time does not
/// reveal whether an account exists.
pub(crate) async fn fits(app: &Shared, password: Password, hash: Option<String>) -> Result<bool, AppError> {
    let Some(hash) = hash else {
        self::hash(app, password).await?;
        return Ok(false);
    };
    let turn = turn(app).await?;
    let verified = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok()
    });
    verified.await.map_err(|_| Code::Internal.into())
}

/// Acquires a permit to hash. The caller moves the permit into the blocking task. The task holds it until the
/// hashing ends, even if the client disconnects.
async fn turn(app: &Shared) -> Result<OwnedSemaphorePermit, AppError> {
    Arc::clone(&app.password_checks).acquire_owned().await.map_err(|_| Code::Overloaded.into())
}

/// Checks the password of a signed-in account again, before an action that a stolen session must not allow.
pub(crate) async fn require(app: &Shared, account: &Account, typed: Password) -> Result<(), AppError> {
    let door = Attempt::new(app, Door::Reauthentication, account.id.as_bytes());
    let counted = attempts::count(app, vec![door]).await?;
    if fits(app, typed, Some(account.password_hash.clone())).await? {
        return counted.succeed(app).await;
    }
    Err(Code::PasswordWrong.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_sqlite, refusal, typed};

    #[test]
    fn chosen_password_fits_its_hash_and_no_other() {
        on_sqlite(async |world| {
            let (app, email) = (&world.app, "robin.meadow@example.org".parse().unwrap());
            let hash = choose(app, typed("eleven quiet lamps by the river"), &email).await.unwrap();
            assert!(hash.starts_with("$argon2id$"), "{hash}");
            assert!(fits(app, typed("eleven quiet lamps by the river"), Some(hash.clone())).await.unwrap());
            assert!(!fits(app, typed("eleven quiet lamps by the pier"), Some(hash)).await.unwrap());
            assert!(!fits(app, typed("eleven quiet lamps by the river"), None).await.unwrap());
        });
    }

    #[test]
    fn short_passwords_and_those_made_of_the_address_are_refused() {
        on_sqlite(async |world| {
            let email = "robin.meadow@example.org".parse().unwrap();
            for weak in ["short", "robin.meadow@example.org", "RobinMeadow-Acme1"] {
                let refused = choose(&world.app, typed(weak), &email).await;
                assert_eq!(refusal(refused), Code::PasswordTooWeak, "{weak}");
            }
        });
    }
}
