//! The second factor: codes of an authenticator app (TOTP, RFC 6238) and recovery codes, required in addition to the
//! password.

use keystead_domain::Millis;
use keystead_domain::guess_limits::Door;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::{Digest, Error, Totp, Tx};
use totp_rs::Builder;

use crate::accounts::password::{self, Password};
use crate::audit::Event;
use crate::context::{App, Shared};
use crate::credential::Credential;
use crate::email::notifications::{self, SignInChange};
use crate::entropy;
use crate::error::AppError;
use crate::principal::Principal;
use crate::security::attempts::{self, Attempt};
use crate::security::keyed_digest::{Purpose, keyed_digest, keyed_digests};

/// Time allowed for setting up an authenticator app.
const SETUP: Millis = 10 * 60 * 1000;
/// Recovery codes per set.
const CODES: usize = 10;
/// Characters per recovery code: 80 bits, so guesses need no limit (NIST SP 800-63B-4, section 3.1.2.2).
const CODE_LETTERS: usize = 16;
/// Alphabet of recovery codes, without characters that look alike.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The data for setting up an authenticator app.
pub struct Setup {
    /// The secret in groups of four (RFC 4648 base 32).
    pub secret: String,
    /// The `otpauth://` address, for a QR code.
    pub url: String,
}

/// The second factors of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factors {
    /// Whether an authenticator app is in use.
    pub totp: bool,
    /// Number of unused recovery codes.
    pub recovery_codes: u32,
}

fn totp(secret: &[u8], issuer: &str, account: &str) -> Result<totp_rs::Totp, AppError> {
    // A colon would separate the issuer from the account name.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(secret.to_vec())
        .with_issuer(Some(plain(issuer)))
        .with_account_name(plain(account))
        .build()
        .map_err(unusable)
}

fn unusable(error: totp_rs::TotpError) -> AppError {
    tracing::error!(%error, "an authenticator secret cannot be used");
    Code::Internal.into()
}

fn open(app: &App, account: AccountId, totp: &Totp) -> Result<Vec<u8>, AppError> {
    let damaged = || Error::Inconsistent { table: "totp", what: "unreadable".into() };
    Ok(app.keys.open_sealed("totp", account.as_bytes(), &totp.secret).ok_or_else(damaged)?)
}

/// The person's second factors.
pub async fn factors(app: &Shared, principal: &Principal) -> Result<Factors, AppError> {
    factors_of(app, principal.require_person_for_setup()?.account.id).await
}

/// The second factors of an account that is signing in.
pub(crate) async fn factors_of(app: &Shared, account: AccountId) -> Result<Factors, AppError> {
    let found: Result<Factors, Error> = app
        .store
        .read(move |connection| {
            let totp = connection.totp_of_account(account)?.is_some_and(|totp| totp.confirmed_at.is_some());
            Ok(Factors { totp, recovery_codes: connection.recovery_codes_left(account)? })
        })
        .await;
    Ok(found?)
}

/// Starts the setup of an authenticator app. The app becomes active after [`confirm`].
pub async fn begin(app: &Shared, principal: &Principal) -> Result<Setup, AppError> {
    let account = &principal.require_person_for_setup()?.account;
    let (id, secret) = (account.id, entropy::bytes::<20>());
    let now = app.now();
    let pending = Totp {
        secret: app.keys.seal("totp", id.as_bytes(), &secret),
        started_at: now,
        confirmed_at: None,
        last_step: 0,
    };
    let kept: Result<Totp, AppError> = app
        .write_as(principal, move |tx| match tx.totp_of_account(id)? {
            Some(totp) if totp.confirmed_at.is_some() => Err(Code::AlreadyExists.into()),
            // Reloading the page during setup keeps the secret. An expired secret is replaced.
            Some(totp) if now - totp.started_at < SETUP => Ok(totp),
            _ => tx.totp_set(id, &pending).map(|()| pending.clone()).map_err(AppError::from),
        })
        .await;
    let secret = open(app, id, &kept?)?;
    let shared = totp(&secret, &app.tenant.name, &account.email)?;
    let letters = totp_rs::Secret::from(&secret[..]).to_base32();
    let groups: Vec<&str> =
        letters.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    let url = shared.to_url().map_err(unusable)?;
    Ok(Setup { secret: groups.join(" "), url })
}

/// Checks a code and activates the authenticator app. Returns the recovery codes, which are shown once.
pub async fn confirm(
    app: &Shared,
    principal: &Principal,
    password: Password,
    code: &str,
) -> Result<Vec<String>, AppError> {
    let account = &principal.require_person_for_setup()?.account;
    password::require(app, account, password).await?;
    let (id, code, now, message) = (account.id, digits(code), app.now(), app.new_id::<OutboxId>());
    let (codes, digests) = recovery_codes(app, id);
    let draft = notifications::sign_in_changed(app, account, SignInChange::AppAdded, now);
    let shared = app.clone();
    app.write_as(principal, move |tx| {
        let pending = tx.totp_of_account(id)?.filter(|totp| totp.confirmed_at.is_none());
        let pending = pending.filter(|totp| now - totp.started_at < 2 * SETUP);
        let pending = pending.ok_or(AppError::from(Code::NotFound))?;
        let step = step(&shared, id, &pending, &code, now)?.ok_or(AppError::from(Code::CodeWrong))?;
        tx.totp_set(id, &Totp { confirmed_at: Some(now), last_step: step, ..pending })?;
        tx.recovery_codes_set(id, &digests)?;
        attempts::open_second_factor_doors(&shared, tx, id)?;
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.add_totp" }
            .record(tx, id, "");
        Ok(())
    })
    .await
    .map(|()| codes)
}

/// Removes the second factor.
pub async fn remove(
    app: &Shared,
    principal: &Principal,
    password: Password,
    code: &str,
) -> Result<(), AppError> {
    let account = &principal.require_person()?.account;
    password::require(app, account, password).await?;
    let (id, now, message) = (account.id, app.now(), app.new_id::<OutboxId>());
    let draft = notifications::sign_in_changed(app, account, SignInChange::AppRemoved, now);
    let code = TypedCode { door: Door::SecondFactorAgain, account: id, code };
    guarded(app, principal, code, move |tx| {
        tx.account_remove_second_factor(id)?;
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.remove_totp" }
            .record(tx, id, "");
        Ok(())
    })
    .await?;
    Ok(())
}

/// The result of checking a code. The caller must commit, because the check counts a wrong code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum CodeCheck {
    /// The account has no second factor, or the code is valid and unused.
    Fits,
    /// The code is wrong; the failure was counted.
    Wrong,
}

/// A code as typed.
#[derive(Debug, Clone, Copy)]
pub struct TypedCode<'a> {
    /// The place where the code is entered. Failures are counted per door.
    pub door: Door,
    /// The account whose second factor is checked.
    pub account: AccountId,
    /// The code.
    pub code: &'a str,
}

/// Checks a code against the account's second factor, if it has one. After several failures, the codes of the
/// authenticator app are rejected for a while. Recovery codes are still accepted. Otherwise an attacker who
/// knows the password could lock the owner out.
pub fn check(tx: &mut Tx<'_>, app: &App, typed: TypedCode<'_>, now: Millis) -> Result<CodeCheck, AppError> {
    let TypedCode { door, account, code } = typed;
    let Some(totp) = tx.totp_of_account(account)?.filter(|totp| totp.confirmed_at.is_some()) else {
        return Ok(CodeCheck::Fits);
    };
    if code.trim().is_empty() {
        return Err(Code::CodeWrong.into());
    }
    let attempt = Attempt::new(app, door, account.as_bytes());
    let fits = fits_recovery_code(tx, app, typed, now)? || {
        attempt.admit(tx, now)?;
        fits_app(tx, app, typed, &totp, now)?
    };
    if fits {
        attempt.succeed(tx)?;
        return Ok(CodeCheck::Fits);
    }
    if attempt.fail(tx, now)?.failures == door.free_failures()
        && let Some(owner) = tx.account_by_id(account)?
    {
        notifications::codes_failed(app, &owner, now).enqueue(tx)?;
    }
    Ok(CodeCheck::Wrong)
}

fn fits_recovery_code(
    tx: &mut Tx<'_>,
    app: &App,
    typed: TypedCode<'_>,
    now: Millis,
) -> Result<bool, AppError> {
    let TypedCode { account, code, .. } = typed;
    let letters = code_letters(code);
    if letters.len() != CODE_LETTERS {
        return Ok(false);
    }
    let digests = keyed_digests(&app.keys, Purpose::RecoveryCode, &[account.as_bytes(), letters.as_bytes()]);
    for digest in digests {
        if tx.recovery_code_use(account, &digest, now)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn fits_app(
    tx: &mut Tx<'_>,
    app: &App,
    typed: TypedCode<'_>,
    totp: &Totp,
    now: Millis,
) -> Result<bool, AppError> {
    let code = digits(typed.code);
    if code.len() != 6 {
        return Ok(false);
    }
    match step(app, typed.account, totp, &code, now)? {
        Some(step) => Ok(tx.totp_use_step(typed.account, step)?),
        None => Ok(false),
    }
}

/// Runs `story` for `principal` in a transaction if the code is correct. A wrong code commits only its failure count.
pub(crate) async fn guarded<T: Send + 'static>(
    app: &Shared,
    principal: impl Into<Credential>,
    typed: TypedCode<'_>,
    mut story: impl FnMut(&mut Tx<'_>) -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let TypedCode { door, account, code } = typed;
    let (shared, code, now) = (app.clone(), code.to_owned(), app.now());
    app.write_as(principal, move |tx| {
        match check(tx, &shared, TypedCode { door, account, code: &code }, now)? {
            CodeCheck::Fits => story(tx).map(Some),
            CodeCheck::Wrong => Ok(None),
        }
    })
    .await?
    .ok_or(Code::CodeWrong.into())
}

fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).collect()
}

/// The time step of the typed code, if it is the current, previous or next one.
fn step(
    app: &App,
    account: AccountId,
    kept: &Totp,
    code: &str,
    now: Millis,
) -> Result<Option<i64>, AppError> {
    let shared = totp(&open(app, account, kept)?, "keystead", "account")?;
    let step = shared.check(code, u64::try_from(now / 1000).unwrap_or_default());
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn recovery_codes(app: &App, account: AccountId) -> (Vec<String>, Vec<Digest>) {
    let codes: Vec<String> = (0..CODES)
        .map(|_| {
            let letters = entropy::bytes::<CODE_LETTERS>();
            let letters = letters.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
            letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
        })
        .collect();
    let digest = |code: &String| {
        let letters = code_letters(code);
        keyed_digest(&app.keys, Purpose::RecoveryCode, &[account.as_bytes(), letters.as_bytes()])
    };
    let digests = codes.iter().map(digest).collect();
    (codes, digests)
}

fn code_letters(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::reauthentication::Reauthentication;
    use crate::testing::{CODE_PERIOD, Customer, PASSWORD, World, on_both, refusal, typed, wrong_code};

    async fn confirmed(world: &World, customer: &Customer, code: &str) -> Result<Vec<String>, AppError> {
        confirm(&world.app, &customer.principal(), typed(PASSWORD), code).await
    }

    /// The current code of the app that is being set up.
    fn code_of(setup: &Setup, now: Millis) -> String {
        let app = totp_rs::Totp::from_url(&setup.url).unwrap();
        app.generate((now / 1000).unsigned_abs()).to_string()
    }

    async fn checked(world: &World, customer: &Customer, code: &str) -> Result<(), AppError> {
        let credentials = Reauthentication { password: typed(PASSWORD), code: code.to_owned() };
        credentials.check(&world.app, &customer.principal()).await
    }

    #[test]
    fn app_is_required_once_one_of_its_codes_was_confirmed() {
        on_both(async |world| {
            let customer = world.customer().await;
            let principal = customer.principal();
            let setup = begin(&world.app, &principal).await.unwrap();
            assert_eq!(begin(&world.app, &principal).await.unwrap().secret, setup.secret);
            assert!(!factors(&world.app, &principal).await.unwrap().totp);
            let code = code_of(&setup, world.now());
            let wrong = confirmed(&world, &customer, &wrong_code(&code)).await;
            assert_eq!(refusal(wrong), Code::CodeWrong);
            let codes = confirmed(&world, &customer, &code).await.unwrap();
            assert_eq!(codes.len(), CODES);
            let expected = Factors { totp: true, recovery_codes: 10 };
            assert_eq!(factors(&world.app, &principal).await.unwrap(), expected);
            assert_eq!(world.actions(customer.id()).await, ["account.add_totp"]);
            let told = world.subjects_to(&customer.person.account.email).await;
            assert_eq!(told, ["Your sign-in options were changed"]);
        });
    }

    #[test]
    fn setup_needs_the_password_and_ends_after_a_while() {
        on_both(async |world| {
            let customer = world.customer().await;
            assert_eq!(refusal(confirmed(&world, &customer, "123456").await), Code::NotFound);
            let setup = begin(&world.app, &customer.principal()).await.unwrap();
            let code = code_of(&setup, world.now());
            let refused = confirm(&world.app, &customer.principal(), typed("wrong"), &code).await;
            assert_eq!(refusal(refused), Code::PasswordWrong);
            world.pass(2 * SETUP).await;
            let late = code_of(&setup, world.now());
            assert_eq!(refusal(confirmed(&world, &customer, &late).await), Code::NotFound);
            let next = begin(&world.app, &customer.principal()).await.unwrap();
            assert_ne!(next.secret, setup.secret);
        });
    }

    #[test]
    fn each_code_works_once() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let app = world.set_up_app(&mut customer).await;
            let (code, recovery_code) = (app.code(&world), app.recovery_codes[0].to_lowercase());
            for code in [&code, &recovery_code] {
                checked(&world, &customer, code).await.unwrap();
                assert_eq!(refusal(checked(&world, &customer, code).await), Code::CodeWrong);
            }
            world.pass(CODE_PERIOD).await;
            checked(&world, &customer, &app.code(&world)).await.unwrap();
            let left = factors(&world.app, &customer.principal()).await.unwrap().recovery_codes;
            assert_eq!(left, 9);
        });
    }

    #[test]
    fn guessing_locks_the_app_but_not_the_recovery_codes() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let app = world.set_up_app(&mut customer).await;
            for _ in 0..Door::SecondFactorAgain.free_failures() {
                let wrong = wrong_code(&app.code(&world));
                assert_eq!(refusal(checked(&world, &customer, &wrong).await), Code::CodeWrong);
            }
            let right = app.code(&world);
            assert_eq!(refusal(checked(&world, &customer, &right).await), Code::TooManyAttempts);
            let told = world.subjects_to(&customer.person.account.email).await;
            assert_eq!(told.last().unwrap(), "Someone may know your password");
            checked(&world, &customer, &app.recovery_codes[3]).await.unwrap();
            checked(&world, &customer, &right).await.unwrap();
        });
    }

    #[test]
    fn app_is_removed_with_password_and_code() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let app = world.set_up_app(&mut customer).await;
            let removed = async |customer: &Customer, password: &str, code: &str| {
                remove(&world.app, &customer.principal(), typed(password), code).await
            };
            let code = app.code(&world);
            assert_eq!(refusal(removed(&customer, "wrong", &code).await), Code::PasswordWrong);
            let wrong = wrong_code(&code);
            assert_eq!(refusal(removed(&customer, PASSWORD, &wrong).await), Code::CodeWrong);
            let again = begin(&world.app, &customer.principal()).await;
            assert_eq!(refusal(again), Code::AlreadyExists);
            removed(&customer, PASSWORD, &code).await.unwrap();
            let none = Factors { totp: false, recovery_codes: 0 };
            assert_eq!(factors(&world.app, &customer.principal()).await.unwrap(), none);
            assert_eq!(world.actions(customer.id()).await.last().unwrap(), "account.remove_totp");
        });
    }

    #[test]
    fn only_a_signed_in_person_changes_the_second_factor() {
        on_both(async |world| {
            let customer = world.customer().await;
            let start = async |principal: &Principal| begin(&world.app, principal).await.map(|_| ());
            world.assert_for_persons_only(&customer, start).await;
            let setup = begin(&world.app, &customer.principal()).await.unwrap();
            let code = code_of(&setup, world.now());
            let add =
                async |principal: &Principal| confirm(&world.app, principal, typed(PASSWORD), &code).await;
            world.assert_for_persons_only(&customer, add).await;
            let turn_off =
                async |principal: &Principal| remove(&world.app, principal, typed(PASSWORD), &code).await;
            world.assert_for_persons_only(&customer, turn_off).await;
            world.sign_out(&customer).await;
            for refused in [
                start(&customer.principal()).await,
                add(&customer.principal()).await.map(|_| ()),
                turn_off(&customer.principal()).await,
            ] {
                assert_eq!(refusal(refused), Code::TokenExpired);
            }
        });
    }
}
