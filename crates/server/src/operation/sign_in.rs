//! Signing a browser in and out.

use std::net::IpAddr;

use keystead_domain::account::Email;
use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::id::{OutboxId, SessionId};
use keystead_storage::{Account, WebSession};

use super::password::{self, Password};
use super::second_factor::{self, Checked};
use super::tell;
use crate::app::Shared;
use crate::bearer::{Bearer, Kind};
use crate::error::ApiError;
use crate::principal::Person;

/// How long a browser stays signed in.
pub const SESSION: Millis = 14 * DAY;
/// How long a sign-in waits for its second factor.
const HALF: Millis = 10 * 60 * 1000;
/// Codes that may be tried in one sign-in.
const ATTEMPTS: u32 = 5;

/// How far a sign-in has come.
pub enum SignIn {
    /// All that was asked for fitted.
    Done(Account),
    /// The second factor is asked for next, with this secret.
    Half(Bearer),
}

/// Checks e-mail address and password. Unknown and known addresses take the same time and get the same answer.
pub async fn sign_in(
    app: &Shared,
    from: IpAddr,
    email: &str,
    password: Password,
) -> Result<SignIn, ApiError> {
    app.limits.sign_in(from)?;
    let email = email.parse::<Email>().ok();
    app.limits.password(email.as_ref(), from)?;
    let account = match email {
        Some(email) => app.store.read(move |reader| reader.account_by_email(&email)).await?,
        None => None,
    };
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let fits = password::fits(app, password, hash).await?;
    let Some(account) = account.filter(|_| fits) else { return Err(Code::CredentialsWrong.into()) };
    second_step(app, account).await
}

/// What is asked for after the password, or after another provider's word in its place.
pub async fn second_step(app: &Shared, account: Account) -> Result<SignIn, ApiError> {
    if !second_factor::factors(app, account.id).await?.totp {
        return Ok(SignIn::Done(account));
    }
    let (secret, id, now) = (Bearer::new(Kind::HalfSignIn), account.id, app.now());
    let digest = secret.digest();
    app.write_as(&account, move |tx| Ok(tx.insert_half_sign_in(&digest, id, now + HALF)?)).await?;
    Ok(SignIn::Half(secret))
}

/// Checks the second factor of a sign-in.
pub async fn finish(app: &Shared, from: IpAddr, secret: &str, code: &str) -> Result<Account, ApiError> {
    app.limits.sign_in(from)?;
    let secret = Bearer::parse(secret, Kind::HalfSignIn).ok_or(ApiError::from(Code::TokenExpired))?;
    let (digest, code, shared, now) = (secret.digest(), code.to_owned(), app.clone(), app.now());
    app.write_letters(move |tx| {
        let half = tx.half_sign_in(&digest, now)?.filter(|half| half.attempts < ATTEMPTS);
        let half = half.ok_or(ApiError::from(Code::TokenExpired))?;
        if second_factor::check(tx, &shared, half.account, &code, now)? == Checked::Wrong {
            tx.count_half_sign_in(&digest)?;
            return Ok(None);
        }
        if !tx.end_half_sign_in(&digest)? {
            return Err(Code::TokenExpired.into());
        }
        Ok(tx.account(half.account)?)
    })
    .await?
    .ok_or(Code::CodeWrong.into())
}

/// Opens the session of a browser and gives back its secret; not if the credentials of `account`, as they were when they
/// were checked, have changed since. `browser` is what the browser says it is.
pub async fn open(app: &Shared, account: &Account, browser: String) -> Result<Bearer, ApiError> {
    let secret = Bearer::new(Kind::WebSession);
    let (digest, now, message) = (secret.digest(), app.now(), app.new_id::<OutboxId>());
    let id = account.id;
    let session = WebSession {
        id: app.new_id::<SessionId>(),
        account: id,
        browser,
        created_at: now,
        expires_at: now + SESSION,
    };
    app.write_as(account, move |tx| {
        tx.insert_web_session(&digest, &session)?;
        tell(tx, message, now, &format!("account:{id}"), "session.open", id, "");
        Ok(())
    })
    .await
    .map(|()| secret)
}

/// A browser's session and its account.
pub async fn session(app: &Shared, secret: &str) -> Result<Option<Person>, ApiError> {
    let Some(bearer) = Bearer::parse(secret, Kind::WebSession) else { return Ok(None) };
    let (digest, now) = (bearer.digest(), app.now());
    let found = app.store.read(move |reader| reader.web_session(&digest, now)).await?;
    Ok(found.map(|(session, account)| Person { account, session }))
}

/// Ends a browser's session.
pub async fn close_session(app: &Shared, secret: &str) -> Result<(), ApiError> {
    let Some(bearer) = Bearer::parse(secret, Kind::WebSession) else { return Ok(()) };
    let digest = bearer.digest();
    Ok(app.store.write(move |tx| tx.delete_web_session(&digest)).await?)
}
