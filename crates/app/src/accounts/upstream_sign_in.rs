//! Signing in with an account at another provider. Such an account is linked by somebody who is signed in, and never by its
//! address: whoever controls an address elsewhere need not be whoever it belongs to here.

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
use crate::principal::Person;
use crate::security::origin::Origin;
use crate::security::sealed_token::{self, SealedToken};

/// How long a person may take at the provider.
const LIFETIME: Millis = 30 * 60 * 1000;
/// Accounts elsewhere that one account is linked to at the most.
const MOST: u32 = 20;
const KIND: &str = "provider-sign-in";

/// The browser that went to the provider; whoever comes back must be the same.
pub type BrowserKey = [u8; 16];

/// What a person went to the provider for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// To sign in.
    SignIn {
        /// The local path to go to afterwards.
        next: String,
    },
    /// To link the account there to this one.
    Link {
        /// This account.
        account: AccountId,
        /// The version of its credentials that were checked.
        credentials_version: i64,
    },
}

#[derive(Serialize, Deserialize)]
struct Journey {
    upstream: String,
    asked: PendingSignIn,
    purpose: Purpose,
}

/// A person who is sent to a provider.
pub struct Departure {
    /// Where to.
    pub url: url::Url,
    /// What the browser must bring back, beside what is in the address.
    pub browser: BrowserKey,
}

/// What the browser brings back from a provider (RFC 6749, section 4.1.2).
pub struct AuthorizationResponse<'a> {
    /// The provider's id, from the return address.
    pub upstream: &'a str,
    /// The mark of the browser.
    pub browser: BrowserKey,
    /// The sealed journey.
    pub state: &'a str,
    /// The authorization code; empty if the provider gave none.
    pub code: String,
}

/// A person who came back and is who they were.
pub enum Arrival {
    /// Signed in, or asked for the second factor.
    SignedIn(SignIn, String),
    /// The account there is linked.
    Linked,
}

fn upstream<'a>(app: &'a Shared, id: &str) -> Result<&'a Upstream, AppError> {
    app.upstreams.iter().find(|upstream| upstream.settings.id == id).ok_or(Code::NotFound.into())
}

fn refused(error: UpstreamError) -> AppError {
    tracing::warn!(%error, "a sign-in with another provider failed");
    Code::UpstreamRefused.into()
}

/// Asks a provider, on a thread where waiting holds nobody up.
async fn ask<T: Send + 'static>(
    app: &Shared,
    id: &str,
    question: impl FnOnce(&Shared, &Upstream) -> Result<T, UpstreamError> + Send + 'static,
) -> Result<T, AppError> {
    upstream(app, id)?;
    // A provider that does not answer must not take the threads that passwords are checked on.
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

/// Sends somebody to a provider.
pub async fn depart(app: &Shared, from: IpAddr, id: &str, purpose: Purpose) -> Result<Departure, AppError> {
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

/// Takes somebody in who comes back from a provider; `signed_in` is who is signed in here already.
pub async fn arrive(
    app: &Shared,
    origin: &Origin,
    response: AuthorizationResponse<'_>,
    signed_in: Option<&Person>,
) -> Result<Arrival, AppError> {
    app.limits.sign_in(origin.address)?;
    let arrived = check(app, response, signed_in).await;
    if let Err(error) = &arrived {
        let account = signed_in.map(|person| person.account.id);
        SignInAttempt::new(app, origin, Method::Upstream, account).refused(app, error).await;
    }
    arrived
}

async fn check(
    app: &Shared,
    response: AuthorizationResponse<'_>,
    signed_in: Option<&Person>,
) -> Result<Arrival, AppError> {
    let AuthorizationResponse { upstream, browser, state, code } = response;
    let journey: SealedToken<Journey> =
        sealed_token::open(app, KIND, &browser, state).ok_or(Code::UpstreamRefused)?;
    // Without a code the person changed their mind there.
    if journey.value.upstream != upstream || code.is_empty() {
        return Err(Code::UpstreamRefused.into());
    }
    let asked = journey.value.asked.clone();
    let vouched = ask(app, upstream, move |app, upstream| upstream.finish(asked, code, app.now())).await?;
    match (&journey.value.purpose, signed_in) {
        (Purpose::SignIn { next }, _) => {
            let next = next.clone();
            Ok(Arrival::SignedIn(sign_in(app, journey, vouched).await?, next))
        }
        (Purpose::Link { account, credentials_version }, Some(owner))
            // The password was asked for when the person left; one that was changed since does not count.
            if *account == owner.account.id && *credentials_version == owner.account.credentials_version =>
        {
            link(app, owner, journey, vouched).await.map(|()| Arrival::Linked)
        }
        (Purpose::Link { .. }, _) => Err(Code::SignInRequired.into()),
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
            let known = tx.upstream_identity(&vouched.issuer, &vouched.subject)?;
            let known = known.ok_or(AppError::from(Code::UpstreamUnknown))?;
            tx.use_upstream_identity(known.id, now)?;
            tx.account(known.account)?.ok_or(Code::UpstreamUnknown.into())
        })
        .await;
    sign_in::second_step(app, account?).await
}

async fn link(
    app: &Shared,
    person: &Person,
    journey: SealedToken<Journey>,
    vouched: UpstreamAccount,
) -> Result<(), AppError> {
    let account = &person.account;
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
    app.write_as(person, move |tx| {
        if !journey.consume(tx)? {
            return Err(Code::UpstreamRefused.into());
        }
        if tx.upstream_identities(id, MOST)?.len() >= MOST as usize {
            return Err(AppError::with_detail(Code::ValueNotAllowed, "unlink another account first"));
        }
        if !tx.insert_upstream_identity(&identity)? {
            return Err(Code::AlreadyExists.into());
        }
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.add_provider" }
            .record(tx, id, &identity.issuer);
        Ok(())
    })
    .await
}

/// The accounts elsewhere that sign in to an account.
pub async fn identities(app: &Shared, account: AccountId) -> Result<Vec<UpstreamIdentity>, AppError> {
    Ok(app.store.read(move |reader| reader.upstream_identities(account, MOST)).await?)
}

/// Sends somebody who is signed in to a provider, to link their account there.
pub async fn begin_link(
    app: &Shared,
    from: IpAddr,
    person: &Person,
    password: Password,
    id: &str,
) -> Result<Departure, AppError> {
    let account = &person.account;
    password::require(app, account, password).await?;
    depart(
        app,
        from,
        id,
        Purpose::Link { account: account.id, credentials_version: account.credentials_version },
    )
    .await
}

/// Unlinks an account elsewhere.
pub async fn unlink(
    app: &Shared,
    person: &Person,
    password: Password,
    identity: UpstreamIdentityId,
) -> Result<(), AppError> {
    let account = &person.account;
    password::require(app, account, password).await?;
    let (id, now, message) = (account.id, app.now(), app.new_id::<OutboxId>());
    let draft = notifications::sign_in_changed(app, account, SignInChange::UpstreamRemoved, now);
    app.write_as(person, move |tx| {
        if !tx.remove_upstream_identity(id, identity)? {
            return Err(Code::NotFound.into());
        }
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.remove_provider" }
            .record(tx, id, identity);
        Ok(())
    })
    .await
}
