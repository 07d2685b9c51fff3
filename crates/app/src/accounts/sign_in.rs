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
/// Time allowed for entering the second factor.
const MFA_CHALLENGE_LIFETIME: Millis = 10 * 60 * 1000;
/// Minimum interval between two updates of a session's last use.
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

/// Continues a sign-in after the password or an upstream sign-in was accepted.
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

/// Completes a sign-in without an authenticator app. Staff with a passkey are refused and must use it,
/// because a password alone is only one factor.
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

/// Opens a browser session and returns its secret. Deletes the session whose secret is `replaced`. Refuses if
/// the credentials changed after `account` was read.
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

/// The person of the browser session with this secret. `None` if the session has ended or was idle too long.
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

#[cfg(test)]
mod tests {
    use keystead_storage::Role;

    use super::*;
    use crate::testing::{Authenticator, Customer, PASSWORD, World, on_both, refusal, typed, wrong_code};

    async fn tried(world: &World, email: &str, password: &str) -> Result<SignIn, AppError> {
        sign_in(&world.app, &world.origin(), email, typed(password)).await
    }

    async fn done(world: &World, customer: &Customer) -> Account {
        match tried(world, &customer.person.account.email, PASSWORD).await.unwrap() {
            SignIn::Done(account) => account,
            SignIn::MfaChallenge(_) => panic!("the account has no second factor"),
        }
    }

    async fn opened(world: &World, account: &Account) -> Result<Bearer, AppError> {
        open(&world.app, account, &world.origin(), Method::Password, None).await
    }

    /// A customer with an authenticator app who has entered the correct password.
    async fn challenged(world: &World) -> (Customer, Authenticator, Bearer) {
        let mut customer = world.customer().await;
        let app = world.set_up_app(&mut customer).await;
        let SignIn::MfaChallenge(challenge) =
            tried(world, &customer.person.account.email, PASSWORD).await.unwrap()
        else {
            panic!("the second factor is required");
        };
        (customer, app, challenge)
    }

    async fn finished(world: &World, challenge: &Bearer, code: &str) -> Result<Account, AppError> {
        finish(&world.app, &world.origin(), challenge.expose(), code).await
    }

    #[test]
    fn password_opens_a_session_that_a_new_one_replaces() {
        on_both(async |world| {
            let customer = world.customer().await;
            let account = done(&world, &customer).await;
            let first = opened(&world, &account).await.unwrap();
            let person = session(&world.app, first.expose()).await.unwrap().unwrap();
            assert_eq!((person.account.id, person.needs_second_factor), (customer.id(), false));
            let origin = world.origin();
            let second =
                open(&world.app, &account, &origin, Method::Password, Some(first.expose())).await.unwrap();
            assert_eq!(session(&world.app, first.expose()).await.unwrap(), None);
            close_session(&world.app, second.expose()).await.unwrap();
            assert_eq!(session(&world.app, second.expose()).await.unwrap(), None);
            let events = world.audit(customer.id()).await;
            assert_eq!(
                (events[0].action.as_str(), events[0].detail.as_str()),
                ("sign_in.succeed", "password")
            );
            assert_eq!(events[0].personal.as_ref().unwrap().browser, "Firefox on Linux");
        });
    }

    #[test]
    fn unknown_address_and_wrong_password_look_the_same() {
        on_both(async |world| {
            let customer = world.customer().await;
            let known = tried(&world, &customer.person.account.email, "wrong").await.err().unwrap();
            let unknown = tried(&world, "nobody@example.org", PASSWORD).await.err().unwrap();
            let malformed = tried(&world, "no address", PASSWORD).await.err().unwrap();
            assert_eq!(known.code(), Code::CredentialsWrong);
            assert_eq!(known.to_string(), unknown.to_string());
            assert_eq!(known.to_string(), malformed.to_string());
            let detail = |events: Vec<keystead_storage::AuditRow>| events[0].detail.clone();
            assert_eq!(detail(world.audit(customer.id()).await), "password: password_wrong");
            assert_eq!(detail(world.audit("anybody").await), "password: account_unknown");
        });
    }

    #[test]
    fn guessing_locks_known_and_unknown_addresses_but_not_a_known_browser() {
        on_both(async |world| {
            let customer = world.customer().await;
            let email = &customer.person.account.email;
            for address in [email.as_str(), "nobody@example.org"] {
                for _ in 0..Door::Password.free_failures() {
                    assert_eq!(refusal(tried(&world, address, "wrong").await), Code::CredentialsWrong);
                }
                assert_eq!(refusal(tried(&world, address, PASSWORD).await), Code::TooManyAttempts);
            }
            let locked =
                world.actions(customer.id()).await.into_iter().filter(|action| action == "sign_in.lock");
            assert_eq!(locked.count(), 1);
            let known = Origin { known_to: vec![customer.id()], ..world.origin() };
            assert!(sign_in(&world.app, &known, email, typed(PASSWORD)).await.is_ok());
        });
    }

    #[test]
    fn second_factor_finishes_the_sign_in_once() {
        on_both(async |world| {
            let (customer, app, challenge) = challenged(&world).await;
            let code = app.code(&world);
            assert_eq!(refusal(finished(&world, &challenge, &wrong_code(&code)).await), Code::CodeWrong);
            assert_eq!(finished(&world, &challenge, &code).await.unwrap().id, customer.id());
            let again = finished(&world, &challenge, &app.recovery_codes[0]).await;
            assert_eq!(refusal(again), Code::TokenExpired);
            let left = second_factor::factors(&world.app, &customer.principal()).await.unwrap();
            assert_eq!(left.recovery_codes, 10);
        });
    }

    #[test]
    fn pending_sign_in_ends_after_five_wrong_codes() {
        on_both(async |world| {
            let (customer, app, challenge) = challenged(&world).await;
            for _ in 0..ATTEMPTS {
                let wrong = finished(&world, &challenge, &wrong_code(&app.code(&world))).await;
                assert_eq!(refusal(wrong), Code::CodeWrong);
            }
            let late = finished(&world, &challenge, &app.recovery_codes[0]).await;
            assert_eq!(refusal(late), Code::TokenExpired);
            let told = world.subjects_to(&customer.person.account.email).await;
            assert_eq!(told.last().unwrap(), "Someone may know your password");
            assert_eq!(world.actions(customer.id()).await.last().unwrap(), "sign_in.fail");
        });
    }

    #[test]
    fn pending_sign_in_expires_after_ten_minutes_or_a_sign_out() {
        on_both(async |world| {
            let (customer, app, challenge) = challenged(&world).await;
            world.sign_out(&customer).await;
            let refused = finished(&world, &challenge, &app.code(&world)).await;
            assert_eq!(refusal(refused), Code::TokenExpired);
            let SignIn::MfaChallenge(challenge) =
                tried(&world, &customer.person.account.email, PASSWORD).await.unwrap()
            else {
                panic!("the second factor is required");
            };
            world.pass(MFA_CHALLENGE_LIFETIME).await;
            let refused = finished(&world, &challenge, &app.code(&world)).await;
            assert_eq!(refusal(refused), Code::TokenExpired);
            let refused = finish(&world.app, &world.origin(), "no secret", "123456").await;
            assert_eq!(refusal(refused), Code::TokenExpired);
        });
    }

    #[test]
    fn credentials_that_changed_since_the_check_open_no_session() {
        on_both(async |world| {
            let customer = world.customer().await;
            let account = done(&world, &customer).await;
            let id = customer.id();
            let now = world.now();
            world.app.store.write(move |tx| tx.account_set_disabled(id, Some(now))).await.unwrap();
            assert_eq!(refusal(opened(&world, &account).await), Code::CredentialsWrong);
            world.app.store.write(move |tx| tx.account_set_disabled(id, None)).await.unwrap();
            assert_eq!(refusal(opened(&world, &account).await), Code::CredentialsWrong);
            opened(&world, &done(&world, &customer).await).await.unwrap();
        });
    }

    #[test]
    fn idle_session_ends_and_a_used_one_lives_two_weeks() {
        on_both(async |world| {
            let account = world.customer().await.person.account;
            let (used, idle) =
                (opened(&world, &account).await.unwrap(), opened(&world, &account).await.unwrap());
            let days = world.app.config.sign_in.idle(Role::Customer);
            world.pass(days - 1).await;
            assert!(session(&world.app, used.expose()).await.unwrap().is_some());
            world.pass(1).await;
            assert!(session(&world.app, used.expose()).await.unwrap().is_some());
            assert_eq!(session(&world.app, idle.expose()).await.unwrap(), None);
            world.pass(SESSION - days).await;
            assert_eq!(session(&world.app, used.expose()).await.unwrap(), None);
        });
    }

    #[test]
    fn staff_sets_up_a_second_factor_and_must_use_it() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let id = customer.id();
            world.app.store.write(move |tx| tx.account_set_role(id, Role::Support)).await.unwrap();
            let account = done(&world, &customer).await;
            let secret = opened(&world, &account).await.unwrap();
            let person = session(&world.app, secret.expose()).await.unwrap().unwrap();
            assert!(person.needs_second_factor);
            world.add_passkey(&mut customer).await;
            let person = session(&world.app, secret.expose()).await.unwrap().unwrap();
            assert!(!person.needs_second_factor);
            let refused = tried(&world, &account.email, PASSWORD).await;
            assert_eq!(refusal(refused), Code::SecondFactorRequired);
        });
    }
}
