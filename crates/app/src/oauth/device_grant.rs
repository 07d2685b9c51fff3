//! The device authorization grant (RFC 8628): an application without a browser shows a code, and its user approves
//! the code in a browser elsewhere.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_domain::Millis;
use keystead_domain::account::check_name;
use keystead_domain::device_grant::{Approver, DecisionError, DeviceGrant, GrantStatus, LIFETIME, Poll};
use keystead_domain::guess_limits::Door;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::{Connection, Digest, Error, Tx};
use sha2::Sha256;

use crate::accounts::sign_in_event::{Method, SignInAttempt};
use crate::audit::Event;
use crate::context::{App, Shared};
use crate::entropy;
use crate::error::AppError;
use crate::oauth::authorize::IssuedTokens;
use crate::oauth::rotate_tokens::{self, NewSession, unused};
use crate::principal::Principal;
use crate::security::attempts::Attempt;
use crate::security::bearer::{Bearer, Kind};
use crate::security::dpop::DpopProof;
use crate::security::origin::Origin;

/// Alphabet of user codes: consonants only, so that codes form no words (RFC 8628, section 6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// A started grant, as returned to the application.
pub struct Started {
    /// The application's secret for polling.
    pub device_code: Bearer,
    /// The code that the user types, such as `ABCD-EFGH`.
    pub user_code: String,
}

fn user_code() -> String {
    let mut code = String::new();
    while code.len() < 9 {
        if code.len() == 4 {
            code.push('-');
        }
        // 240 is the largest multiple of 20 that fits a byte; rejecting higher values keeps the letters uniform.
        let [byte] = entropy::bytes::<1>();
        if byte < 240 {
            code.push(char::from(LETTERS[usize::from(byte % 20)]));
        }
    }
    code
}

/// User codes are short, so their digest is keyed: a stolen database does not reveal them.
fn user_code_digest(key: &[u8; 32], typed: &str) -> Digest {
    let letters: String =
        typed.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key length");
    mac.update(b"keystead/user-code/v1\0");
    mac.update(letters.as_bytes());
    mac.finalize().into_bytes().into()
}

/// The possible digests of a code: one per nonce key of the server.
fn user_code_digests(app: &Shared, typed: &str) -> Vec<Digest> {
    app.keys.nonces().iter().map(|key| user_code_digest(key, typed)).collect()
}

fn grant_by_user_code(connection: &mut Connection, digests: &[Digest]) -> Result<Option<DeviceGrant>, Error> {
    for digest in digests {
        if let Some(grant) = connection.grant_by_user_code(digest)? {
            return Ok(Some(grant));
        }
    }
    Ok(None)
}

/// A grant that an application requests.
pub struct NewGrant {
    /// The application's `client_id`.
    pub client: String,
    /// The device's name, as the application states it.
    pub device_name: String,
    /// Requested scope, space-separated.
    pub scope: String,
    /// Maximum age of the approver's authentication.
    pub max_age: Option<Millis>,
}

/// Starts a grant for an application.
pub async fn start(app: &Shared, from: IpAddr, asked: NewGrant) -> Result<Started, AppError> {
    app.limits.sign_in(from)?;
    let device_name =
        check_name(&asked.device_name).map_err(|error| AppError::value("device_name", error))?;
    let started = Started { device_code: Bearer::new(Kind::DeviceCode), user_code: user_code() };
    let grant = DeviceGrant {
        id: app.new_id(),
        client: asked.client,
        device_name,
        scope: asked.scope,
        max_age: asked.max_age,
        status: GrantStatus::Pending,
        expires_at: app.now() + LIFETIME,
        polled_at: None,
    };
    let (device_code, user_code) =
        (started.device_code.digest(), user_code_digest(&app.keys.nonce(), &started.user_code));
    app.store.write(move |tx| tx.grant_insert(&grant, &device_code, &user_code)).await?;
    Ok(started)
}

/// The open grant of a typed code. An unknown code counts as a failed attempt of the account.
fn grant_of_code(
    tx: &mut Tx<'_>,
    app: &App,
    account: AccountId,
    digests: &[Digest],
    now: Millis,
) -> Result<Option<DeviceGrant>, AppError> {
    let attempt = Attempt::new(app, Door::UserCode, account.as_bytes());
    attempt.admit(tx, now)?;
    let grant = grant_by_user_code(tx, digests)?.filter(|grant| grant.is_open(now));
    if grant.is_none() {
        attempt.fail(tx, now)?;
    }
    Ok(grant)
}

/// Finds the grant of a typed code.
pub async fn find(
    app: &Shared,
    origin: &Origin,
    principal: &Principal,
    typed: &str,
) -> Result<DeviceGrant, AppError> {
    let account = principal.require_person()?.account.id;
    app.limits.sign_in(origin.address)?;
    let (shared, digests, now) = (app.clone(), user_code_digests(app, typed), app.now());
    let found = app.write_as(principal, move |tx| grant_of_code(tx, &shared, account, &digests, now)).await;
    known(app, origin, account, found).await
}

/// Approves or denies a grant.
pub async fn decide(
    app: &Shared,
    origin: &Origin,
    principal: &Principal,
    typed: &str,
    approve: bool,
) -> Result<DeviceGrant, AppError> {
    let by = principal.require_person()?.approver();
    app.limits.sign_in(origin.address)?;
    let (shared, digests, now) = (app.clone(), user_code_digests(app, typed), app.now());
    let message = app.new_id::<OutboxId>();
    let attempt = SignInAttempt::new(app, origin, Method::DeviceCode, Some(by.account));
    let recorded = attempt.clone();
    let decided = app.write_as(principal, move |tx| {
        let Some(grant) = grant_of_code(tx, &shared, by.account, &digests, now)? else { return Ok(None) };
        let status = if approve { grant.approve(by, now) } else { grant.deny(now) };
        tx.grant_set_status(grant.id, status.map_err(not_decided)?)?;
        let action = if approve { "grant.approve" } else { "grant.deny" };
        Event { id: message, at: now, actor: &format!("account:{}", by.account), action }.record(
            tx,
            by.account,
            &grant.client,
        );
        if approve {
            recorded.succeed(tx, now);
        }
        Ok(Some(grant))
    });
    let grant = known(app, origin, by.account, decided.await).await?;
    if approve {
        attempt.succeeded();
    }
    Ok(grant)
}

fn not_decided(error: DecisionError) -> AppError {
    match error {
        DecisionError::Closed => Code::UserCodeUnknown.into(),
        DecisionError::AuthenticationTooOld => Code::ReauthenticationRequired.into(),
    }
}

/// Records an unknown code as a failed sign-in attempt.
async fn known(
    app: &Shared,
    origin: &Origin,
    account: AccountId,
    found: Result<Option<DeviceGrant>, AppError>,
) -> Result<DeviceGrant, AppError> {
    let known = found.and_then(|grant| grant.ok_or(Code::UserCodeUnknown.into()));
    if let Err(error) = &known {
        SignInAttempt::new(app, origin, Method::DeviceCode, Some(account)).refused(app, error).await;
    }
    known
}

/// Answers a poll of the application.
pub async fn poll(
    app: &Shared,
    device_code: &str,
    client: &str,
    proven: Option<DpopProof>,
) -> Result<Result<IssuedTokens, Poll>, AppError> {
    let Some(bearer) = device_code.parse::<Bearer>().ok().filter(|bearer| bearer.kind() == Kind::DeviceCode)
    else {
        return Ok(Err(Poll::Consumed));
    };
    let (digest, now, client) = (bearer.digest(), app.now(), client.to_owned());
    let (fresh, message) = (rotate_tokens::PregeneratedTokens::draw(app), app.new_id::<OutboxId>());
    app.store
        .write(move |tx| {
            let grant = tx.grant_by_device_code(&digest)?.filter(|grant| grant.client == client);
            let Some(grant) = grant else { return Ok(Err(Poll::Consumed)) };
            let (Approver { account, authenticated_at }, consumed) = match grant.exchange(now) {
                Ok(exchanged) => exchanged,
                Err(poll) => {
                    tx.grant_note_poll(grant.id, now)?;
                    return Ok(Err(poll));
                }
            };
            if !unused(tx, proven)? {
                return Ok(Err(Poll::Consumed));
            }
            tx.grant_set_status(grant.id, consumed)?;
            let session = NewSession {
                account,
                authenticated_at,
                client: &grant.client,
                device_name: &grant.device_name,
                scope: &grant.scope,
                key_thumbprint: proven.map(|proven| proven.thumbprint),
            };
            let tokens = rotate_tokens::open(tx, &fresh, session, now)?;
            Event { id: message, at: now, actor: &format!("account:{account}"), action: "app_session.open" }
                .record(tx, account, &grant.client);
            let account = tx.account_by_id(account)?.ok_or(AppError::from(Code::Internal))?;
            Ok(Ok(IssuedTokens { tokens, account, scope: grant.scope, nonce: None, authenticated_at }))
        })
        .await
}
