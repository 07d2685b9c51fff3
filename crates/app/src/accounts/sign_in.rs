//! Signs a browser in and out.

use keystead_domain::account::Email;
use keystead_domain::guess_limits::Door;
use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::id::SessionId;
use keystead_storage::{Account, Digest, Error, WebSession};

use crate::accounts::password::{self, Password};
use crate::accounts::second_factor::{self, CodeCheck};
use crate::accounts::sign_in_event::{Method, SignInAttempt};
use crate::context::Shared;
use crate::error::AppError;
use crate::principal::Person;
use crate::security::attempts;
use crate::security::bearer::{Bearer, Kind};
use crate::security::origin::Origin;

/// Maximum lifetime of a browser session.
pub const SESSION: Millis = 14 * DAY;
/// How long a sign-in waits for its second factor.
const MFA_CHALLENGE_LIFETIME: Millis = 10 * 60 * 1000;
/// Resolution of a session's last use.
const SEEN: Millis = 5 * 60 * 1000;
/// Maximum number of codes tried in one sign-in.
const ATTEMPTS: u32 = 5;

/// Progress of a sign-in.
pub enum SignIn {
    /// All required credentials were correct.
    Done(Account),
    /// The second factor is still required. This secret identifies the pending sign-in.
    MfaChallenge(Bearer),
}

/// Checks email address and password. Unknown and known addresses get the same response in the same time.
pub async fn sign_in(
    app: &Shared,
    origin: &Origin,
    email: &str,
    password: Password,
) -> Result<SignIn, AppError> {
    app.limits.sign_in(origin.address)?;
    // A malformed address has no account.
    let email = email.parse::<Email>().map_err(|_| AppError::from(Code::CredentialsWrong))?;
    let address = email.clone();
    let account = app.store.read(move |connection| connection.account_by_email(&address)).await?;
    let id = account.as_ref().map(|account| account.id);
    let attempt = SignInAttempt::new(app, origin, Method::Password, id);
    let counted = match attempts::count(app, attempts::password_doors(app, origin, &email, id)).await {
        Ok(counted) => counted,
        Err(error) => {
            attempt.refused(app, &error).await;
            return Err(error);
        }
    };
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let fits = password::fits(app, password, hash).await?;
    let Some(account) = account.filter(|_| fits) else {
        let reason = if id.is_some() { "password_wrong" } else { "account_unknown" };
        attempt.failed(app, reason, counted.locks(app.now())).await;
        return Err(Code::CredentialsWrong.into());
    };
    counted.succeed(app).await?;
    let step = second_step(app, account).await;
    if let Err(error) = &step {
        attempt.refused(app, error).await;
    }
    step
}

/// The step that follows the password or an upstream sign-in.
pub(crate) async fn second_step(app: &Shared, account: Account) -> Result<SignIn, AppError> {
    if !second_factor::factors_of(app, account.id).await?.totp {
        return without_app(app, account).await;
    }
    let (secret, id, now) = (Bearer::new(Kind::MfaChallenge), account.id, app.now());
    let digest = secret.digest();
    app.write_as(&account, move |tx| {
        Ok(tx.mfa_challenge_insert(&digest, id, now + MFA_CHALLENGE_LIFETIME)?)
    })
    .await?;
    Ok(SignIn::MfaChallenge(secret))
}

/// Staff with a passkey must use it: a password alone is one factor.
async fn without_app(app: &Shared, account: Account) -> Result<SignIn, AppError> {
    let id = account.id;
    if app.config.sign_in.demands_second_factor(account.role)
        && app.store.read(move |connection| connection.account_has_second_factor(id)).await?
    {
        return Err(AppError::with_detail(Code::SecondFactorRequired, "sign in with your passkey"));
    }
    Ok(SignIn::Done(account))
}

/// Checks the second factor of a pending sign-in.
pub async fn finish(app: &Shared, origin: &Origin, secret: &str, code: &str) -> Result<Account, AppError> {
    app.limits.sign_in(origin.address)?;
    let secret = Bearer::parse(secret, Kind::MfaChallenge).ok_or(AppError::from(Code::TokenExpired))?;
    let (digest, now) = (secret.digest(), app.now());
    let challenge =
        app.store.read(move |connection| connection.mfa_challenge_by_digest(&digest, now)).await?;
    let challenge = challenge.ok_or(AppError::from(Code::TokenExpired))?;
    let finished = check_second_factor(app, digest, code).await;
    if let Err(error) = &finished {
        let attempt = SignInAttempt::new(app, origin, Method::SecondFactor, Some(challenge.account));
        attempt.refused(app, error).await;
    }
    finished
}

async fn check_second_factor(app: &Shared, digest: Digest, code: &str) -> Result<Account, AppError> {
    let (code, shared, now) = (code.to_owned(), app.clone(), app.now());
    app.write_emails(move |tx| {
        let challenge =
            tx.mfa_challenge_by_digest(&digest, now)?.filter(|challenge| challenge.attempts < ATTEMPTS);
        let challenge = challenge.ok_or(AppError::from(Code::TokenExpired))?;
        let code =
            second_factor::TypedCode { door: Door::SecondFactor, account: challenge.account, code: &code };
        if second_factor::check(tx, &shared, code, now)? == CodeCheck::Wrong {
            tx.mfa_challenge_count(&digest)?;
            return Ok(None);
        }
        if !tx.mfa_challenge_delete(&digest)? {
            return Err(Code::TokenExpired.into());
        }
        Ok(tx.account_by_id(challenge.account)?)
    })
    .await?
    .ok_or(Code::CodeWrong.into())
}

/// Opens a browser session and returns its secret. The session replaces the one with the secret `replaced`. Refuses
/// if the credentials changed after `account` was read.
pub async fn open(
    app: &Shared,
    account: &Account,
    origin: &Origin,
    method: Method,
    replaced: Option<&str>,
) -> Result<Bearer, AppError> {
    let replaced = replaced.and_then(|secret| Bearer::parse(secret, Kind::WebSession));
    let replaced = replaced.map(|bearer| bearer.digest());
    let secret = Bearer::new(Kind::WebSession);
    let (digest, now) = (secret.digest(), app.now());
    let session = WebSession {
        id: app.new_id::<SessionId>(),
        account: account.id,
        browser: origin.browser.clone(),
        seen_at: now,
        created_at: now,
        expires_at: now + SESSION,
    };
    let attempt = SignInAttempt::new(app, origin, method, Some(account.id));
    let recorded = attempt.clone();
    app.write_as(account, move |tx| {
        if let Some(replaced) = &replaced {
            tx.web_session_delete(replaced)?;
        }
        tx.web_session_insert(&digest, &session)?;
        recorded.succeed(tx, now);
        Ok(())
    })
    .await?;
    attempt.succeeded();
    Ok(secret)
}

/// Records a sign-in that opened no browser session.
pub(crate) async fn record(app: &Shared, attempt: SignInAttempt) -> Result<(), AppError> {
    let (recorded, now) = (attempt.clone(), app.now());
    let kept: Result<(), AppError> = app
        .store
        .write(move |tx| {
            recorded.succeed(tx, now);
            Ok(())
        })
        .await;
    kept?;
    attempt.succeeded();
    Ok(())
}

/// The person of the browser session with this secret, unless it has ended or was idle for too long.
pub async fn session(app: &Shared, secret: &str) -> Result<Option<Person>, AppError> {
    let Some(bearer) = Bearer::parse(secret, Kind::WebSession) else { return Ok(None) };
    let (digest, now, shared) = (bearer.digest(), app.now(), app.clone());
    let found: Result<_, Error> = app
        .store
        .read(move |connection| {
            let Some((session, account)) = connection.web_session_by_digest(&digest, now)? else {
                return Ok(None);
            };
            let settings = &shared.config.sign_in;
            if now - session.seen_at >= settings.idle(account.role) {
                return Ok(None);
            }
            let needs_second_factor = settings.demands_second_factor(account.role)
                && !connection.account_has_second_factor(account.id)?;
            Ok(Some(Person { account, session, needs_second_factor }))
        })
        .await;
    let Some(person) = found? else { return Ok(None) };
    note_use(app, &person.session).await?;
    Ok(Some(person))
}

async fn note_use(app: &Shared, session: &WebSession) -> Result<(), AppError> {
    let (id, now) = (session.id, app.now());
    if now - session.seen_at < SEEN {
        return Ok(());
    }
    app.store.write(move |tx| Ok(tx.web_session_touch(id, now)?)).await
}

/// Ends a browser session.
pub async fn close_session(app: &Shared, secret: &str) -> Result<(), AppError> {
    let Some(bearer) = Bearer::parse(secret, Kind::WebSession) else { return Ok(()) };
    let digest = bearer.digest();
    Ok(app.store.write(move |tx| tx.web_session_delete(&digest)).await?)
}
