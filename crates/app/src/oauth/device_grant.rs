//! The device authorization grant (RFC 8628). An application without a browser shows a code. Its user
//! approves the code in a browser on another device.

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

/// Alphabet of user codes. It has consonants only, so codes form no words (RFC 8628, section 6.1).
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
        // 240 is the largest multiple of 20 that fits a byte. Rejecting higher values keeps the letters
        // uniform.
        let [byte] = entropy::bytes::<1>();
        if byte < 240 {
            code.push(char::from(LETTERS[usize::from(byte % 20)]));
        }
    }
    code
}

/// The keyed digest of a user code. User codes are short, so a digest without a key could be reversed.
fn user_code_digest(key: &[u8; 32], typed: &str) -> Digest {
    let letters: String =
        typed.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key length");
    mac.update(b"keystead/user-code/v1\0");
    mac.update(letters.as_bytes());
    mac.finalize().into_bytes().into()
}

/// The possible digests of a code, one per nonce key of the server.
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

/// Returns the grant. Records an unknown code as a failed sign-in attempt.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Rotation;
    use crate::oauth::authenticate::authenticate;
    use crate::testing::{CLIENT, Customer, World, on_both, refusal};

    async fn started(world: &World, max_age: Option<Millis>) -> Started {
        start(&world.app, world.origin().address, new_grant("Desk PC", max_age)).await.unwrap()
    }

    fn new_grant(device_name: &str, max_age: Option<Millis>) -> NewGrant {
        let (client, scope) = (CLIENT.to_owned(), "licenses".to_owned());
        NewGrant { client, device_name: device_name.to_owned(), scope, max_age }
    }

    async fn decided(
        world: &World,
        customer: &Customer,
        typed: &str,
        approve: bool,
    ) -> Result<DeviceGrant, AppError> {
        decide(&world.app, &world.origin(), &customer.principal(), typed, approve).await
    }

    async fn polled(world: &World, started: &Started) -> Result<IssuedTokens, Poll> {
        poll(&world.app, started.device_code.expose(), CLIENT, None).await.unwrap()
    }

    #[test]
    fn approved_device_gets_tokens_once() {
        on_both(async |world| {
            let (customer, started) = (world.customer().await, started(&world, None).await);
            assert_eq!(polled(&world, &started).await.err(), Some(Poll::Pending));
            let typed = started.user_code.to_lowercase().replace('-', " ");
            let found = find(&world.app, &world.origin(), &customer.principal(), &typed).await.unwrap();
            assert_eq!((found.client.as_str(), found.device_name.as_str()), (CLIENT, "Desk PC"));
            decided(&world, &customer, &typed, true).await.unwrap();
            let issued = polled(&world, &started).await.unwrap();
            assert_eq!((issued.account.id, issued.scope.as_str()), (customer.id(), "licenses"));
            authenticate(&world.app, &issued.tokens.access, None).await.unwrap();
            assert_eq!(polled(&world, &started).await.err(), Some(Poll::Consumed));
            let actions = world.actions(customer.id()).await;
            assert_eq!(actions, ["grant.approve", "sign_in.succeed", "app_session.open"]);
        });
    }

    #[test]
    fn denied_device_gets_no_tokens() {
        on_both(async |world| {
            let (customer, started) = (world.customer().await, started(&world, None).await);
            decided(&world, &customer, &started.user_code, false).await.unwrap();
            assert_eq!(polled(&world, &started).await.err(), Some(Poll::Denied));
            let again = decided(&world, &customer, &started.user_code, true).await;
            assert_eq!(refusal(again), Code::UserCodeUnknown);
            assert_eq!(world.actions(customer.id()).await, ["grant.deny", "sign_in.fail"]);
        });
    }

    #[test]
    fn guessing_codes_is_limited() {
        on_both(async |world| {
            let (customer, started) = (world.customer().await, started(&world, None).await);
            for _ in 0..Door::UserCode.free_failures() {
                let unknown = decided(&world, &customer, "BBBB-BBBB", true).await;
                assert_eq!(refusal(unknown), Code::UserCodeUnknown);
            }
            let right = decided(&world, &customer, &started.user_code, true).await;
            assert_eq!(refusal(right), Code::TooManyAttempts);
            let other = world.customer().await;
            decided(&world, &other, &started.user_code, true).await.unwrap();
        });
    }

    #[test]
    fn grant_ends_after_ten_minutes_and_belongs_to_its_application() {
        on_both(async |world| {
            let (customer, started) = (world.customer().await, started(&world, None).await);
            let foreign = poll(&world.app, started.device_code.expose(), "keystead-cli", None).await.unwrap();
            assert_eq!(foreign.err(), Some(Poll::Consumed));
            let unknown = poll(&world.app, "no code", CLIENT, None).await.unwrap();
            assert_eq!(unknown.err(), Some(Poll::Consumed));
            world.pass(LIFETIME).await;
            let late = decided(&world, &customer, &started.user_code, true).await;
            assert_eq!(refusal(late), Code::UserCodeUnknown);
            assert_eq!(polled(&world, &started).await.err(), Some(Poll::Expired));
        });
    }

    #[test]
    fn old_sign_in_approves_no_grant_that_wants_a_recent_one() {
        on_both(async |world| {
            let customer = world.customer().await;
            world.pass(60_000).await;
            let started = started(&world, Some(59_999)).await;
            let refused = decided(&world, &customer, &started.user_code, true).await;
            assert_eq!(refusal(refused), Code::ReauthenticationRequired);
            let fresh = world.sign_in(customer.person.account.clone()).await;
            decided(&world, &fresh, &started.user_code, true).await.unwrap();
            assert!(polled(&world, &started).await.is_ok());
        });
    }

    #[test]
    fn code_is_found_after_a_rotation_of_the_keys() {
        on_both(async |world| {
            let (customer, started) = (world.customer().await, started(&world, None).await);
            world.app.keys.rotate(&world.app.store, Rotation::Nonce, world.now()).await.unwrap();
            decided(&world, &customer, &started.user_code, true).await.unwrap();
        });
    }

    #[test]
    fn only_a_signed_in_person_decides_and_a_device_needs_a_name() {
        on_both(async |world| {
            let nameless = start(&world.app, world.origin().address, new_grant(" ", None)).await;
            assert_eq!(refusal(nameless), Code::ValueNotAllowed);
            let (customer, started) = (world.customer().await, started(&world, None).await);
            let (origin, typed) = (world.origin(), &started.user_code);
            let look = async |principal: &Principal| find(&world.app, &origin, principal, typed).await;
            world.assert_for_persons_only(&customer, look).await;
            let attempt =
                async |principal: &Principal| decide(&world.app, &origin, principal, typed, true).await;
            world.assert_for_persons_only(&customer, attempt).await;
            world.sign_out(&customer).await;
            assert_eq!(refusal(attempt(&customer.principal()).await), Code::TokenExpired);
            assert_eq!(polled(&world, &started).await.err(), Some(Poll::Pending));
        });
    }
}
