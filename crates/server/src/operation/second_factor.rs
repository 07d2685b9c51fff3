//! Codes of an authenticator app (TOTP, RFC 6238) and recovery codes on paper, asked for beside the password.

use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::{Digest, Error, Totp, Tx};
use sha2::{Digest as _, Sha256};
use totp_rs::Builder;

use super::notice::{self, SignInChange};
use super::password::{self, Password};
use super::tell;
use crate::app::{App, Shared};
use crate::entropy;
use crate::error::ApiError;
use crate::principal::{Person, Principal};

/// How long setting up an authenticator app may take.
const SETUP: Millis = 10 * 60 * 1000;
/// Codes that may fail in a row before the next ones have to wait, longer and longer.
const FREE_FAILURES: u32 = 5;
/// Recovery codes given out at once.
const CODES: usize = 10;
/// Letters and digits of recovery codes; none looks like another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// What a person types or scans into an authenticator app.
pub struct Setup {
    /// The secret in groups of four (RFC 4648 base 32).
    pub secret: String,
    /// The `otpauth://` address, for a QR code.
    pub url: String,
}

/// What an account has beside its password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factors {
    /// Whether an authenticator app is in use.
    pub totp: bool,
    /// Recovery codes that were not used yet.
    pub recovery_codes: u32,
}

fn totp(secret: &[u8], issuer: &str, account: &str) -> Result<totp_rs::Totp, ApiError> {
    // A colon divides the issuer from the account in the address.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(secret.to_vec())
        .with_issuer(Some(plain(issuer)))
        .with_account_name(plain(account))
        .build()
        .map_err(unusable)
}

fn unusable(error: totp_rs::TotpError) -> ApiError {
    tracing::error!(%error, "an authenticator secret cannot be used");
    Code::Internal.into()
}

fn open(app: &App, account: AccountId, totp: &Totp) -> Result<Vec<u8>, ApiError> {
    let damaged = || Error::Inconsistent { table: "totp", what: "unreadable".into() };
    Ok(app.keys.open_sealed("totp", account.as_bytes(), &totp.secret).ok_or_else(damaged)?)
}

/// What the account has.
pub async fn factors(app: &Shared, account: AccountId) -> Result<Factors, ApiError> {
    let found: Result<Factors, Error> = app
        .store
        .read(move |reader| {
            let totp = reader.totp(account)?.is_some_and(|totp| totp.confirmed_at.is_some());
            Ok(Factors { totp, recovery_codes: reader.recovery_codes_left(account)? })
        })
        .await;
    Ok(found?)
}

/// Begins to set an authenticator app up; it counts only once a code of it was typed.
pub async fn begin(app: &Shared, person: &Person) -> Result<Setup, ApiError> {
    let (account, id) = (&person.account, person.account.id);
    let secret = entropy::bytes::<20>();
    let now = app.now();
    let pending = Totp {
        secret: app.keys.seal("totp", id.as_bytes(), &secret),
        started_at: now,
        confirmed_at: None,
        last_step: 0,
        failures: 0,
        locked_until: 0,
    };
    let kept: Result<Totp, ApiError> = app
        .write_as(person, move |tx| match tx.totp(id)? {
            Some(totp) if totp.confirmed_at.is_some() => Err(Code::AlreadyExists.into()),
            // The page may be loaded again while the app is being set up, but nobody's old secret is taken into use.
            Some(totp) if now - totp.started_at < SETUP => Ok(totp),
            _ => tx.set_totp(id, &pending).map(|()| pending.clone()).map_err(ApiError::from),
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

/// Puts the authenticator app into use and gives the account its recovery codes, shown once.
pub async fn confirm(
    app: &Shared,
    person: &Person,
    password: Password,
    code: &str,
) -> Result<Vec<String>, ApiError> {
    let account = &person.account;
    password::require(app, account, password).await?;
    let (id, code, now, message) = (account.id, digits(code), app.now(), app.new_id::<OutboxId>());
    let (codes, digests) = recovery_codes(id);
    let letter = notice::sign_in_changed(app, account, SignInChange::AppAdded, now);
    let shared = app.clone();
    app.write_as(person, move |tx| {
        let pending = tx.totp(id)?.filter(|totp| totp.confirmed_at.is_none());
        let pending = pending.filter(|totp| now - totp.started_at < 2 * SETUP);
        let pending = pending.ok_or(ApiError::from(Code::NotFound))?;
        let step = step(&shared, id, &pending, &code, now)?.ok_or(ApiError::from(Code::CodeWrong))?;
        tx.set_totp(id, &Totp { confirmed_at: Some(now), last_step: step, ..pending })?;
        tx.set_recovery_codes(id, &digests)?;
        letter.post(tx)?;
        tell(tx, message, now, &format!("account:{id}"), "account.add_totp", id, "");
        Ok(())
    })
    .await
    .map(|()| codes)
}

/// Takes the second factor away again.
pub async fn remove(app: &Shared, person: &Person, password: Password, code: &str) -> Result<(), ApiError> {
    let account = &person.account;
    password::require(app, account, password).await?;
    let (id, now, message) = (account.id, app.now(), app.new_id::<OutboxId>());
    let letter = notice::sign_in_changed(app, account, SignInChange::AppRemoved, now);
    guarded(app, person, id, code, move |tx| {
        tx.remove_second_factor(id)?;
        letter.post(tx)?;
        tell(tx, message, now, &format!("account:{id}"), "account.remove_totp", id, "");
        Ok(())
    })
    .await?;
    Ok(())
}

/// What a code of the second factor came to. That it was wrong is counted in the transaction, which must be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Checked {
    /// The account has no second factor, or the code is one of it that was never used.
    Fits,
    /// It is none, and was counted.
    Wrong,
}

/// Checks a code of the account's second factor, if it has one. After some wrong ones none is looked at for a while.
pub fn check(
    tx: &mut Tx<'_>,
    app: &App,
    account: AccountId,
    typed: &str,
    now: Millis,
) -> Result<Checked, ApiError> {
    let Some(totp) = tx.totp(account)?.filter(|totp| totp.confirmed_at.is_some()) else {
        return Ok(Checked::Fits);
    };
    if typed.trim().is_empty() {
        return Err(Code::CodeWrong.into());
    }
    if now < totp.locked_until {
        return Err(Code::TooManyRequests.into());
    }
    if fits(tx, app, account, &totp, typed, now)? {
        tx.set_totp_failures(account, 0, 0)?;
        return Ok(Checked::Fits);
    }
    let failures = totp.failures.saturating_add(1);
    if failures == FREE_FAILURES
        && let Some(owner) = tx.account(account)?
    {
        notice::codes_failed(app, &owner, now).post(tx)?;
    }
    let doublings = failures.saturating_sub(FREE_FAILURES);
    let wait = if doublings == 0 { 0 } else { (30_000 << doublings.min(12)).min(DAY) };
    tx.set_totp_failures(account, failures, now + wait)?;
    Ok(Checked::Wrong)
}

fn fits(
    tx: &mut Tx<'_>,
    app: &App,
    account: AccountId,
    totp: &Totp,
    typed: &str,
    now: Millis,
) -> Result<bool, ApiError> {
    let code = digits(typed);
    if code.len() == 6
        && let Some(step) = step(app, account, totp, &code, now)?
    {
        return Ok(tx.use_totp_step(account, step)?);
    }
    Ok(tx.use_recovery_code(account, &recovery_digest(account, typed), now)?)
}

/// Runs `story` for `principal` in a transaction once the code fits; a wrong one leaves its count behind and nothing else.
pub async fn guarded<T: Send + 'static>(
    app: &Shared,
    principal: impl Into<Principal>,
    account: AccountId,
    typed: &str,
    mut story: impl FnMut(&mut Tx<'_>) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let (shared, typed, now) = (app.clone(), typed.to_owned(), app.now());
    app.write_as(principal, move |tx| match check(tx, &shared, account, &typed, now)? {
        Checked::Fits => story(tx).map(Some),
        Checked::Wrong => Ok(None),
    })
    .await?
    .ok_or(Code::CodeWrong.into())
}

fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).collect()
}

/// The step whose code was typed, if it is one of now, just before or just after.
fn step(
    app: &App,
    account: AccountId,
    kept: &Totp,
    code: &str,
    now: Millis,
) -> Result<Option<i64>, ApiError> {
    let shared = totp(&open(app, account, kept)?, "keystead", "account")?;
    let step = shared.check(code, u64::try_from(now / 1000).unwrap_or_default());
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn recovery_codes(account: AccountId) -> (Vec<String>, Vec<Digest>) {
    let codes: Vec<String> = (0..CODES)
        .map(|_| {
            let letters = entropy::bytes::<10>().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
            let text: String = letters.iter().collect();
            format!("{}-{}", &text[..5], &text[5..])
        })
        .collect();
    let digests = codes.iter().map(|code| recovery_digest(account, code)).collect();
    (codes, digests)
}

fn recovery_digest(account: AccountId, typed: &str) -> Digest {
    let letters: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let mut digest = Sha256::new_with_prefix(b"keystead/recovery-code/v1\0");
    digest.update(account.as_bytes());
    digest.update(letters.as_bytes());
    digest.finalize().into()
}
