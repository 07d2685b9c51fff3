//! Signs in with an account at an upstream provider. Only a signed-in person can link an upstream account. Accounts
//! are never linked by email address: the address may belong to another person at the provider.

use std::net::IpAddr;
use std::sync::Arc;

use keystead_domain::Millis;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId, UpstreamIdentityId};
use keystead_storage::{Account, UpstreamIdentity};
use serde::{Deserialize, Serialize};

use crate::accounts::password::{self, Password};
use crate::accounts::sign_in::{self, SignIn};
use crate::accounts::sign_in_event::{Method, SignInAttempt};
use crate::accounts::upstream::{PendingSignIn, Upstream, UpstreamAccount, UpstreamError};
use crate::audit::Event;
use crate::context::Shared;
use crate::email::notifications::{self, SignInChange};
use crate::entropy;
use crate::error::AppError;
use crate::principal::Principal;
use crate::security::origin::Origin;
use crate::security::sealed_token::{self, SealedToken};

/// Time allowed for the sign-in at the provider.
const LIFETIME: Millis = 30 * 60 * 1000;
/// Maximum number of upstream accounts linked to one account.
const MOST: u32 = 20;
const KIND: &str = "provider-sign-in";

/// Identifies the browser that was sent to the provider. Only this browser may return.
pub type BrowserKey = [u8; 16];

/// Why a person was sent to the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Purpose {
    /// Sign in.
    SignIn {
        /// The local path to continue at afterwards.
        next: String,
    },
    /// Link the upstream account to a local account.
    Link {
        /// The local account.
        account: AccountId,
        /// Version of the credentials that were checked.
        credentials_version: i64,
    },
}

#[derive(Serialize, Deserialize)]
struct Journey {
    upstream: String,
    asked: PendingSignIn,
    purpose: Purpose,
}

/// A redirect to a provider.
pub struct Departure {
    /// The provider's address.
    pub url: url::Url,
    /// The key that the browser must return, in addition to the state in the URL.
    pub browser: BrowserKey,
}

/// A provider's response, as returned by the browser (RFC 6749, section 4.1.2).
pub struct AuthorizationResponse<'a> {
    /// The provider's id, from the return address.
    pub upstream: &'a str,
    /// The key of the browser, from its cookie.
    pub browser: BrowserKey,
    /// The sealed state of the sign-in.
    pub state: &'a str,
    /// The authorization code; empty if the provider gave none.
    pub code: String,
}

/// The result of a successful return from a provider.
pub enum Arrival {
    /// The progress of the sign-in, and the local path to continue at.
    SignedIn(SignIn, String),
    /// The upstream account is linked.
    Linked,
}

fn upstream<'a>(app: &'a Shared, id: &str) -> Result<&'a Upstream, AppError> {
    app.upstreams.iter().find(|upstream| upstream.settings.id == id).ok_or(Code::NotFound.into())
}

fn refused(error: UpstreamError) -> AppError {
    tracing::warn!(%error, "a sign-in with another provider failed");
    Code::UpstreamRefused.into()
}

/// Calls a provider on a blocking thread.
async fn ask<T: Send + 'static>(
    app: &Shared,
    id: &str,
    question: impl FnOnce(&Shared, &Upstream) -> Result<T, UpstreamError> + Send + 'static,
) -> Result<T, AppError> {
    upstream(app, id)?;
    // The limit keeps slow providers from exhausting the blocking threads, which also check passwords.
    let turn = Arc::clone(&app.upstream_calls).try_acquire_owned();
    let turn = turn.map_err(|_| AppError::from(Code::Overloaded))?;
    let (app, id) = (app.clone(), id.to_owned());
    let span = tracing::Span::current();
    let answer = tokio::task::spawn_blocking(move || {
        let (_turn, _span) = (turn, span.entered());
        question(&app, upstream(&app, &id)?).map_err(refused)
    });
    answer.await.map_err(|_| AppError::from(Code::Internal))?
}

/// Sends a person to a provider to sign in. `next` is the local path to continue at afterwards.
pub async fn begin_sign_in(
    app: &Shared,
    from: IpAddr,
    id: &str,
    next: String,
) -> Result<Departure, AppError> {
    depart(app, from, id, Purpose::SignIn { next }).await
}

async fn depart(app: &Shared, from: IpAddr, id: &str, purpose: Purpose) -> Result<Departure, AppError> {
    app.limits.sign_in(from)?;
    let browser = entropy::bytes::<16>();
    let name = id.to_owned();
    let url = ask(app, id, move |app, upstream| {
        let state = |asked: &PendingSignIn| {
            let journey = Journey { upstream: name, asked: asked.clone(), purpose };
            sealed_token::seal(app, KIND, &browser, &journey, LIFETIME)
        };
        upstream.begin(state, app.now())
    });
    Ok(Departure { url: url.await?, browser })
}

/// Completes the sign-in or the link after the browser returns from a provider.
pub async fn arrive(
    app: &Shared,
    origin: &Origin,
    response: AuthorizationResponse<'_>,
    principal: &Principal,
) -> Result<Arrival, AppError> {
    app.limits.sign_in(origin.address)?;
    let arrived = check(app, response, principal).await;
    if let Err(error) = &arrived {
        let account = principal.require_person().ok().map(|person| person.account.id);
        SignInAttempt::new(app, origin, Method::Upstream, account).refused(app, error).await;
    }
    arrived
}

async fn check(
    app: &Shared,
    response: AuthorizationResponse<'_>,
    principal: &Principal,
) -> Result<Arrival, AppError> {
    let AuthorizationResponse { upstream, browser, state, code } = response;
    let journey: SealedToken<Journey> =
        sealed_token::open(app, KIND, &browser, state).ok_or(Code::UpstreamRefused)?;
    // A missing code means that the person canceled.
    if journey.value.upstream != upstream || code.is_empty() {
        return Err(Code::UpstreamRefused.into());
    }
    let asked = journey.value.asked.clone();
    let vouched = ask(app, upstream, move |app, upstream| upstream.finish(asked, code, app.now())).await?;
    match &journey.value.purpose {
        Purpose::SignIn { next } => {
            let next = next.clone();
            Ok(Arrival::SignedIn(sign_in(app, journey, vouched).await?, next))
        }
        Purpose::Link { account, credentials_version } => {
            let owner = &principal.require_person()?.account;
            // The password was checked before the redirect. That check is void if the credentials have
            // changed.
            if *account != owner.id || *credentials_version != owner.credentials_version {
                return Err(Code::SignInRequired.into());
            }
            link(app, principal, journey, vouched).await.map(|()| Arrival::Linked)
        }
    }
}

async fn sign_in(
    app: &Shared,
    journey: SealedToken<Journey>,
    vouched: UpstreamAccount,
) -> Result<SignIn, AppError> {
    let now = app.now();
    let account: Result<Account, AppError> = app
        .store
        .write(move |tx| {
            if !journey.consume(tx)? {
                return Err(Code::UpstreamRefused.into());
            }
            let known = tx.upstream_identity_by_subject(&vouched.issuer, &vouched.subject)?;
            let known = known.ok_or(AppError::from(Code::UpstreamUnknown))?;
            tx.upstream_identity_use(known.id, now)?;
            tx.account_by_id(known.account)?.ok_or(Code::UpstreamUnknown.into())
        })
        .await;
    sign_in::second_step(app, account?).await
}

async fn link(
    app: &Shared,
    principal: &Principal,
    journey: SealedToken<Journey>,
    vouched: UpstreamAccount,
) -> Result<(), AppError> {
    let account = &principal.require_person()?.account;
    let (id, now, message) = (account.id, app.now(), app.new_id::<OutboxId>());
    let identity = UpstreamIdentity {
        id: app.new_id(),
        issuer: vouched.issuer,
        subject: vouched.subject,
        account: id,
        label: vouched.label,
        created_at: now,
        used_at: None,
    };
    let draft = notifications::sign_in_changed(app, account, SignInChange::UpstreamAdded, now);
    app.write_as(principal, move |tx| {
        if !journey.consume(tx)? {
            return Err(Code::UpstreamRefused.into());
        }
        if tx.upstream_identities_of_account(id, MOST)?.len() >= MOST as usize {
            return Err(AppError::with_detail(Code::ValueNotAllowed, "unlink another account first"));
        }
        if !tx.upstream_identity_insert(&identity)? {
            return Err(Code::AlreadyExists.into());
        }
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.add_provider" }
            .record(tx, id, &identity.issuer);
        Ok(())
    })
    .await
}

/// The upstream accounts linked to the person's account.
pub async fn identities(app: &Shared, principal: &Principal) -> Result<Vec<UpstreamIdentity>, AppError> {
    let account = principal.require_person_for_setup()?.account.id;
    Ok(app.store.read(move |connection| connection.upstream_identities_of_account(account, MOST)).await?)
}

/// Sends a signed-in person to a provider to link an upstream account.
pub async fn begin_link(
    app: &Shared,
    from: IpAddr,
    principal: &Principal,
    password: Password,
    id: &str,
) -> Result<Departure, AppError> {
    let account = &principal.require_person()?.account;
    password::require(app, account, password).await?;
    depart(
        app,
        from,
        id,
        Purpose::Link { account: account.id, credentials_version: account.credentials_version },
    )
    .await
}

/// Unlinks an upstream account.
pub async fn unlink(
    app: &Shared,
    principal: &Principal,
    password: Password,
    identity: UpstreamIdentityId,
) -> Result<(), AppError> {
    let account = &principal.require_person()?.account;
    password::require(app, account, password).await?;
    let (id, now, message) = (account.id, app.now(), app.new_id::<OutboxId>());
    let draft = notifications::sign_in_changed(app, account, SignInChange::UpstreamRemoved, now);
    app.write_as(principal, move |tx| {
        if !tx.upstream_identity_delete(id, identity)? {
            return Err(Code::NotFound.into());
        }
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.remove_provider" }
            .record(tx, id, identity);
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Customer, PASSWORD, World, on_both, refusal, typed};

    /// Links an upstream account to a customer.
    async fn linked(world: &World, customer: &mut Customer) -> UpstreamIdentityId {
        let identity = UpstreamIdentity {
            id: world.app.new_id(),
            issuer: "https://accounts.example".to_owned(),
            subject: "42".to_owned(),
            account: customer.id(),
            label: "robin@accounts.example".to_owned(),
            created_at: world.now(),
            used_at: None,
        };
        let row = identity.clone();
        assert!(world.app.store.write(move |tx| tx.upstream_identity_insert(&row)).await.unwrap());
        customer.person.account = world.account(customer.id()).await.unwrap();
        identity.id
    }

    #[test]
    fn unknown_provider_is_not_found() {
        on_both(async |world| {
            let (customer, from) = (world.customer().await, world.origin().address);
            let begun = begin_sign_in(&world.app, from, "nobody", "/".to_owned()).await;
            assert_eq!(refusal(begun), Code::NotFound);
            let begin = async |password: &str| {
                begin_link(&world.app, from, &customer.principal(), typed(password), "nobody").await
            };
            assert_eq!(refusal(begin("wrong").await), Code::PasswordWrong);
            assert_eq!(refusal(begin(PASSWORD).await), Code::NotFound);
        });
    }

    #[test]
    fn return_without_its_journey_is_a_failed_sign_in() {
        on_both(async |world| {
            let customer = world.customer().await;
            let arrived = async |principal: &Principal| {
                let (upstream, browser, state) = ("nobody", [0; 16], "no state");
                let response = AuthorizationResponse { upstream, browser, state, code: "code".to_owned() };
                arrive(&world.app, &world.origin(), response, principal).await
            };
            assert_eq!(refusal(arrived(&Principal::Anonymous).await), Code::UpstreamRefused);
            assert_eq!(refusal(arrived(&customer.principal()).await), Code::UpstreamRefused);
            assert_eq!(world.audit("anybody").await[0].detail, "upstream: upstream_refused");
            assert_eq!(world.actions(customer.id()).await, ["sign_in.fail"]);
        });
    }

    #[test]
    fn account_is_unlinked_once_with_the_password() {
        on_both(async |world| {
            let (mut customer, other) = (world.customer().await, world.customer().await);
            let id = linked(&world, &mut customer).await;
            let wrong = unlink(&world.app, &customer.principal(), typed("wrong"), id).await;
            assert_eq!(refusal(wrong), Code::PasswordWrong);
            let foreign = unlink(&world.app, &other.principal(), typed(PASSWORD), id).await;
            assert_eq!(refusal(foreign), Code::NotFound);
            unlink(&world.app, &customer.principal(), typed(PASSWORD), id).await.unwrap();
            assert!(identities(&world.app, &customer.principal()).await.unwrap().is_empty());
            let event = world.audit(customer.id()).await.pop().unwrap();
            assert_eq!((event.action.as_str(), event.detail), ("account.remove_provider", id.to_string()));
            let told = world.subjects_to(&customer.person.account.email).await;
            assert_eq!(told, ["Your sign-in options were changed"]);
            customer.person.account = world.account(customer.id()).await.unwrap();
            let again = unlink(&world.app, &customer.principal(), typed(PASSWORD), id).await;
            assert_eq!(refusal(again), Code::NotFound);
        });
    }

    #[test]
    fn only_a_signed_in_person_manages_linked_accounts() {
        on_both(async |world| {
            let (mut customer, from) = (world.customer().await, world.origin().address);
            let id = linked(&world, &mut customer).await;
            let list = async |principal: &Principal| identities(&world.app, principal).await;
            world.assert_for_persons_only(&customer, list).await;
            let link = async |principal: &Principal| {
                begin_link(&world.app, from, principal, typed(PASSWORD), "nobody").await.map(|_| ())
            };
            world.assert_for_persons_only(&customer, link).await;
            let delete =
                async |principal: &Principal| unlink(&world.app, principal, typed(PASSWORD), id).await;
            world.assert_for_persons_only(&customer, delete).await;
            world.sign_out(&customer).await;
            assert_eq!(refusal(delete(&customer.principal()).await), Code::TokenExpired);
        });
    }
}
