//! Who asks: nobody in particular, a customer's application, or the vendor's automation with its scopes.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{PoisonError, RwLock};

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use keystead_domain::Millis;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, ApiTokenId};
use keystead_storage::{AccountSession, Digest, Error, Role, SessionRef, TokenKind};

use crate::app::Shared;
use crate::bearer::{Bearer, Kind};
use crate::dpop::{self, Proven};
use crate::error::ApiError;
use crate::extract::full_path;
use crate::middleware::note_actor;
use crate::principal::{self, Person};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Nobody signed in.
    Anybody,
    /// A customer, by an application's access token.
    Customer {
        /// Who, and by which session.
        session: AccountSession,
        /// What the application may know and do.
        scope: String,
        /// What they may do for the vendor by this application.
        powers: &'static [Scope],
    },
    /// The vendor's automation.
    Vendor {
        /// Its token.
        token: ApiTokenId,
        /// What it may do.
        scopes: Vec<Scope>,
    },
}

/// What a token of the vendor may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Define products, editions and policies.
    Catalog,
    /// Make and reissue product keys.
    Keys,
    /// See licenses, devices and activations.
    Read,
    /// Suspend, resume and revoke licenses.
    Licenses,
    /// Ask whether something is valid.
    Validate,
    /// Help a customer: confirm an installation without a network, with a reason.
    Support,
    /// Sign people out.
    Accounts,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Scope; 7] = [
        Scope::Catalog,
        Scope::Keys,
        Scope::Read,
        Scope::Licenses,
        Scope::Validate,
        Scope::Support,
        Scope::Accounts,
    ];

    /// The name in tokens.
    pub const fn name(self) -> &'static str {
        match self {
            Scope::Catalog => "catalog",
            Scope::Keys => "keys",
            Scope::Read => "read",
            Scope::Licenses => "licenses",
            Scope::Validate => "validate",
            Scope::Support => "support",
            Scope::Accounts => "accounts",
        }
    }

    /// Reads names separated by spaces.
    pub fn parse_list(text: &str) -> Option<Vec<Self>> {
        text.split_whitespace().map(|name| Self::ALL.into_iter().find(|scope| scope.name() == name)).collect()
    }
}

/// What somebody with `role` may do for the vendor.
const fn powers(role: Role) -> &'static [Scope] {
    match role {
        Role::Customer => &[],
        Role::Support => &[Scope::Read, Scope::Validate, Scope::Support],
        Role::Admin => &Scope::ALL,
    }
}

impl Caller {
    /// Somebody at the pages, with their own licenses and nothing of the vendor's.
    pub fn person(person: &Person) -> Self {
        Caller::Customer { session: person.session(), scope: LICENSES.to_owned(), powers: &[] }
    }

    /// The signed-in account, or a refusal: the application must have been allowed `scope`.
    pub fn account(&self, scope: &'static str) -> Result<AccountSession, ApiError> {
        match self {
            Caller::Customer { session, scope: allowed, .. } if has(allowed, scope) => Ok(*session),
            Caller::Customer { .. } => Err(ApiError::with_detail(
                Code::PermissionMissing,
                format!("the application was not allowed \"{scope}\""),
            )),
            Caller::Vendor { .. } => {
                Err(ApiError::with_detail(Code::PermissionMissing, "this is for a customer's account"))
            }
            Caller::Anybody => Err(Code::SignInRequired.into()),
        }
    }

    /// The signed-in account, if there is one whose licenses the application may use.
    pub fn customer(&self) -> Option<AccountId> {
        self.account(LICENSES).ok().map(|session| session.account)
    }

    /// Whether the caller acts for the vendor with `scope`.
    pub fn may(&self, scope: Scope) -> bool {
        match self {
            Caller::Anybody => false,
            Caller::Customer { powers, .. } => powers.contains(&scope),
            Caller::Vendor { scopes, .. } => scopes.contains(&scope),
        }
    }

    /// Refuses everybody but the vendor with `scope`.
    pub fn require(&self, scope: Scope) -> Result<(), ApiError> {
        match self {
            Caller::Anybody => Err(Code::SignInRequired.into()),
            _ if self.may(scope) => Ok(()),
            _ => Err(ApiError::with_detail(
                Code::PermissionMissing,
                format!("it needs a token with the scope \"{}\"", scope.name()),
            )),
        }
    }

    /// How the audit log names the caller.
    pub fn actor(&self) -> String {
        match self {
            Caller::Anybody => "anybody".to_owned(),
            Caller::Customer { session, .. } => format!("account:{}", session.account),
            Caller::Vendor { token, .. } => format!("token:{token}"),
        }
    }
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let Some(header) = parts.headers.get(header::AUTHORIZATION) else { return Ok(Caller::Anybody) };
        let (scheme, token) = header
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .ok_or(ApiError::from(Code::TokenExpired))?;
        let bearer: Bearer = token.parse().map_err(|_| ApiError::from(Code::TokenExpired))?;
        let proven = match scheme {
            "Bearer" => None,
            "DPoP" => {
                let path = full_path(&parts.extensions, &parts.uri);
                let proven = dpop::verify(app, &parts.headers, &parts.method, &path, Some(token))
                    .map_err(|error| ApiError::with_detail(Code::ProofRefused, error))?;
                Some(proven.ok_or(ApiError::from(Code::ProofMissing))?)
            }
            _ => return Err(Code::TokenExpired.into()),
        };
        let caller = identify(app, &bearer, proven).await?;
        note_actor(&caller.actor());
        Ok(caller)
    }
}

/// A token that is bound to a key is nobody's without a proof of the key. The proof is used up once it fits, so that only
/// holders of tokens make us write.
async fn identify(app: &Shared, bearer: &Bearer, proven: Option<Proven>) -> Result<Caller, ApiError> {
    let (digest, now) = (bearer.digest(), app.now());
    let caller = match bearer.kind() {
        Kind::ApiToken => vendor(app, digest, now).await?,
        Kind::Access => customer(app, digest, proven.map(|proven| proven.thumbprint), now).await?,
        _ => None,
    };
    let caller = caller.ok_or(ApiError::from(Code::TokenExpired))?;
    if let Some(proven) = proven
        && !app.store.write(move |tx| proven.spend(tx)).await?
    {
        return Err(ApiError::with_detail(Code::ProofRefused, "the DPoP proof was shown before"));
    }
    Ok(caller)
}

/// The account behind an access token. Its role is looked at each time, so that whoever loses it loses its powers at once.
async fn customer(
    app: &Shared,
    digest: Digest,
    key: Option<Digest>,
    now: Millis,
) -> Result<Option<Caller>, ApiError> {
    let settings = app.config.sign_in.clone();
    let found: Result<Option<Caller>, Error> = app
        .store
        .read(move |reader| {
            let found = reader.app_token(&digest, TokenKind::Access, now)?;
            let Some(token) = found.filter(|token| token.session.key_thumbprint == key) else {
                return Ok(None);
            };
            let session = AccountSession {
                account: token.session.account,
                session: SessionRef::Application(token.session.id),
                credentials_version: token.credentials_version,
                authenticated_at: token.session.authenticated_at,
            };
            let scope = token.session.scope;
            let acts_for_vendor = has(&scope, VENDOR)
                && (!settings.demands_second_factor(token.role)
                    || reader.has_second_factor(token.session.account)?);
            let powers = if acts_for_vendor { powers(token.role) } else { &[] };
            Ok(Some(Caller::Customer { session, scope, powers }))
        })
        .await;
    Ok(found?)
}

/// How long a token of the vendor is believed without asking the database again: the vendor's backend validates with
/// the same one thousands of times a second. A revoked token dies within this time.
const BELIEVED: Millis = 2_000;
/// How exactly the last use of a token is known: a write for each request would cost more than the request.
const USE_RECORDED_EVERY: Millis = 60_000;
/// Tokens that are remembered at the most.
const REMEMBERED: usize = 1_000;

/// Tokens of the vendor that were found alive lately.
#[derive(Default)]
pub struct KnownTokens(RwLock<HashMap<Digest, (Caller, Millis)>>);

impl KnownTokens {
    fn find(&self, digest: &Digest, now: Millis) -> Option<Caller> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known
            .get(digest)
            .filter(|(_, at)| (0..BELIEVED).contains(&(now - at)))
            .map(|(caller, _)| caller.clone())
    }

    fn remember(&self, digest: Digest, caller: Caller, now: Millis) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(digest, (caller, now));
    }
}

async fn vendor(app: &Shared, digest: Digest, now: Millis) -> Result<Option<Caller>, ApiError> {
    if let Some(caller) = app.known_tokens.find(&digest, now) {
        return Ok(Some(caller));
    }
    let Some(token) = app.store.read(move |reader| reader.api_token(&digest, now)).await? else {
        return Ok(None);
    };
    if token.used_at.is_none_or(|used_at| now - used_at >= USE_RECORDED_EVERY) {
        app.store.write(move |tx| tx.touch_api_token(token.id, now)).await?;
    }
    let scopes = Scope::parse_list(&token.scopes).unwrap_or_default();
    let caller = Caller::Vendor { token: token.id, scopes };
    app.known_tokens.remember(digest, caller.clone(), now);
    Ok(Some(caller))
}

/// What an application may be allowed to do: use the account's licenses and devices.
pub const LICENSES: &str = "licenses";
/// What an application may be allowed to do for a few minutes after a sign-in: change who owns the account's licenses. Nobody is given
/// it who does not ask for it.
pub const OWNERSHIP: &str = "ownership";
/// What an application may be allowed to know: the name.
pub const PROFILE: &str = "profile";

/// What an application may be allowed to do by somebody who works for the vendor: what their role allows.
pub const VENDOR: &str = "vendor";

/// Whether a scope has a name in it.
pub fn has(scope: &str, name: &str) -> bool {
    scope.split(' ').any(|word| word == name)
}

/// A signed-in customer whose licenses the application may use; everybody else is refused before the body is read.
pub struct Customer(pub AccountSession);

/// A signed-in customer, or whoever helps customers for the vendor; everybody else is refused before the body is read.
pub struct CustomerOrSupport(pub Caller);

impl FromRequestParts<Shared> for CustomerOrSupport {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        if !caller.may(Scope::Support) {
            caller.account(LICENSES)?;
        }
        Ok(Self(caller))
    }
}

/// A signed-in customer whose name and address the application may know.
pub struct Profile(pub AccountSession);

impl FromRequestParts<Shared> for Profile {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        Caller::from_request_parts(parts, app).await?.account(PROFILE).map(Profile)
    }
}

/// A signed-in customer who showed their credentials a few minutes ago and lets the application change who owns licenses; everybody
/// else is refused before the body is read.
pub struct Owner(pub AccountSession);

impl FromRequestParts<Shared> for Owner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let session = caller.account(LICENSES)?;
        principal::require_recent(&session, app.now())?;
        caller.account(OWNERSHIP).map(Owner)
    }
}

impl FromRequestParts<Shared> for Customer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        Caller::from_request_parts(parts, app).await?.account(LICENSES).map(Customer)
    }
}

/// The vendor with the scope `S`; everybody else is refused before the body is read.
pub struct Vendor<S> {
    /// Who it is.
    pub caller: Caller,
    scope: PhantomData<S>,
}

/// A scope as a type.
pub trait Needs {
    /// The scope.
    const SCOPE: Scope;
}

macro_rules! needs {
    ($($name:ident)*) => {$(
        /// The scope of the same name.
        pub struct $name;
        impl Needs for $name {
            const SCOPE: Scope = Scope::$name;
        }
    )*};
}

needs! { Catalog Keys Read Licenses Validate Accounts }

impl<S: Needs> FromRequestParts<Shared> for Vendor<S> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        caller.require(S::SCOPE)?;
        Ok(Self { caller, scope: PhantomData })
    }
}
