//! Resolves a bearer token to its principal.

use keystead_domain::Millis;
use keystead_protocol::Code;
use keystead_storage::{AccountSession, Digest, Error, SessionRef, TokenKind};

use crate::context::Shared;
use crate::error::AppError;
use crate::oauth::scope::{self, VENDOR};
use crate::principal::{Permission, Principal};
use crate::security::bearer::{Bearer, Kind};
use crate::security::dpop::DpopProof;

/// Resolution of an API token's last use. Recording each use would cost more than the request.
const USE_RECORDED_EVERY: Millis = 60_000;

/// The principal of a bearer token. A token bound to a key requires a DPoP proof by that key. The proof is consumed
/// only if it matches, so that only token holders cause writes.
///
/// # Errors
/// [`Code::TokenExpired`] for a token that is unknown, expired, revoked or bound to another key.
/// [`Code::ProofRefused`] for a proof that was used before.
pub async fn authenticate(
    app: &Shared,
    bearer: &Bearer,
    proof: Option<DpopProof>,
) -> Result<Principal, AppError> {
    let (digest, now) = (bearer.digest(), app.now());
    let principal = match bearer.kind() {
        Kind::ApiToken => api_token(app, digest, now).await?,
        Kind::Access => account(app, digest, proof.map(|proof| proof.thumbprint), now).await?,
        _ => None,
    };
    let principal = principal.ok_or(AppError::from(Code::TokenExpired))?;
    if let Some(proof) = proof
        && !app.store.write(move |tx| proof.consume(tx)).await?
    {
        return Err(AppError::with_detail(Code::ProofRefused, "the DPoP proof was shown before"));
    }
    Ok(principal)
}

/// The account of an access token. Its role is read for each request, so that a role change takes effect at once.
async fn account(
    app: &Shared,
    digest: Digest,
    key: Option<Digest>,
    now: Millis,
) -> Result<Option<Principal>, AppError> {
    let settings = app.config.sign_in.clone();
    let found: Result<Option<Principal>, Error> = app
        .store
        .read(move |connection| {
            let found = connection.app_token_by_digest(&digest, TokenKind::Access, now)?;
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
            let acts_for_vendor = scope::contains(&scope, VENDOR)
                && (!settings.demands_second_factor(token.role)
                    || connection.account_has_second_factor(token.session.account)?);
            let permissions = if acts_for_vendor { Permission::of_role(token.role) } else { &[] };
            Ok(Some(Principal::Account { session, scope, permissions }))
        })
        .await;
    Ok(found?)
}

async fn api_token(app: &Shared, digest: Digest, now: Millis) -> Result<Option<Principal>, AppError> {
    if let Some(principal) = app.token_cache.get(&digest, now) {
        return Ok(Some(principal));
    }
    let Some(token) = app.store.read(move |connection| connection.api_token_by_digest(&digest, now)).await?
    else {
        return Ok(None);
    };
    if token.used_at.is_none_or(|used_at| now - used_at >= USE_RECORDED_EVERY) {
        app.store.write(move |tx| tx.api_token_touch(token.id, now)).await?;
    }
    let permissions = Permission::parse_list(&token.scopes).unwrap_or_default();
    let principal = Principal::ApiToken { token: token.id, permissions };
    app.token_cache.insert(digest, principal.clone(), now);
    Ok(Some(principal))
}
