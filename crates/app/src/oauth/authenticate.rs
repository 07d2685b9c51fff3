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

/// Minimum interval between two recorded uses of an API token. Recording each use would cost more than the
/// request.
const USE_RECORDED_EVERY: Millis = 60_000;

/// Returns the principal of a bearer token. A token that is bound to a key requires a DPoP proof by that key.
/// The proof is consumed only after the token was accepted, so only token holders cause writes.
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

/// The account of an access token. The role is read for each request, so a changed role takes effect at once.
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

#[cfg(test)]
mod tests {
    use keystead_protocol::id::ApiTokenId;
    use keystead_storage::Role;

    use super::*;
    use crate::oauth::make_api_token::make_api_token;
    use crate::oauth::manage_tokens::revoke_api_token;
    use crate::oauth::rotate_tokens::{ACCESS, revoke};
    use crate::testing::{Customer, DpopKey, World, on_both, refusal};

    async fn api_token(world: &World, days: Option<u32>) -> (Bearer, ApiTokenId) {
        let made = make_api_token(&world.app, &Principal::Operator, "tests", "read,validate", days).await;
        let (secret, token) = made.unwrap();
        (secret.parse().unwrap(), token.id)
    }

    async fn refused(world: &World, bearer: &Bearer, proof: Option<DpopProof>) -> Code {
        refusal(authenticate(&world.app, bearer, proof).await)
    }

    /// The permissions of an application that requested the scope `vendor`.
    async fn permissions(world: &World, customer: &Customer) -> &'static [Permission] {
        let tokens = world.application(customer, "licenses vendor", None).await.tokens;
        match authenticate(&world.app, &tokens.access, None).await.unwrap() {
            Principal::Account { permissions, .. } => permissions,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn access_token_acts_for_its_account_for_an_hour() {
        on_both(async |world| {
            let customer = world.customer().await;
            let tokens = world.application(&customer, "licenses", None).await.tokens;
            let principal = authenticate(&world.app, &tokens.access, None).await.unwrap();
            let Principal::Account { session, scope, permissions } = principal else {
                panic!("the token is an account's");
            };
            assert_eq!((session.account, scope.as_str(), permissions), (customer.id(), "licenses", &[][..]));
            assert_eq!(refused(&world, &tokens.refresh, None).await, Code::TokenExpired);
            world.pass(ACCESS).await;
            assert_eq!(refused(&world, &tokens.access, None).await, Code::TokenExpired);
        });
    }

    #[test]
    fn revoked_session_ends_its_access_token_at_once() {
        on_both(async |world| {
            let customer = world.customer().await;
            let tokens = world.application(&customer, "licenses", None).await.tokens;
            revoke(&world.app, tokens.refresh.expose()).await.unwrap();
            assert_eq!(refused(&world, &tokens.access, None).await, Code::TokenExpired);
            let unknown = Bearer::new(Kind::Access);
            assert_eq!(refused(&world, &unknown, None).await, Code::TokenExpired);
        });
    }

    #[test]
    fn bound_token_needs_a_fresh_proof_of_its_key() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, DpopKey::draw());
            let proof = key.proof(&world);
            let bound = world.application(&customer, "licenses", Some(proof)).await.tokens;
            assert_eq!(refused(&world, &bound.access, Some(proof)).await, Code::ProofRefused);
            assert_eq!(refused(&world, &bound.access, None).await, Code::TokenExpired);
            let other = DpopKey::draw().proof(&world);
            assert_eq!(refused(&world, &bound.access, Some(other)).await, Code::TokenExpired);
            let fresh = key.proof(&world);
            authenticate(&world.app, &bound.access, Some(fresh)).await.unwrap();
            assert_eq!(refused(&world, &bound.access, Some(fresh)).await, Code::ProofRefused);
            let free = world.application(&customer, "licenses", None).await.tokens;
            assert_eq!(refused(&world, &free.access, Some(key.proof(&world))).await, Code::TokenExpired);
        });
    }

    #[test]
    fn staff_acts_for_the_vendor_with_a_second_factor_only() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let id = customer.id();
            assert_eq!(permissions(&world, &customer).await, []);
            world.app.store.write(move |tx| tx.account_set_role(id, Role::Support)).await.unwrap();
            customer.person.account = world.account(id).await.unwrap();
            assert_eq!(permissions(&world, &customer).await, []);
            world.add_passkey(&mut customer).await;
            assert_eq!(permissions(&world, &customer).await, Permission::of_role(Role::Support));
            let tokens = world.application(&customer, "licenses", None).await.tokens;
            let principal = authenticate(&world.app, &tokens.access, None).await.unwrap();
            assert!(!principal.may(Permission::Support), "the scope `vendor` was not granted");
        });
    }

    #[test]
    fn api_token_has_its_permissions_until_it_is_revoked_or_expires() {
        on_both(async |world| {
            let (bearer, id) = api_token(&world, None).await;
            let principal = authenticate(&world.app, &bearer, None).await.unwrap();
            let permissions = vec![Permission::Read, Permission::Validate];
            assert_eq!(principal, Principal::ApiToken { token: id, permissions });
            revoke_api_token(&world.app, &Principal::Operator, id).await.unwrap();
            // The longest time that a node caches the token.
            world.pass(2_000).await;
            assert_eq!(refused(&world, &bearer, None).await, Code::TokenExpired);
            let (bearer, _) = api_token(&world, Some(1)).await;
            world.pass(keystead_domain::DAY).await;
            assert_eq!(refused(&world, &bearer, None).await, Code::TokenExpired);
        });
    }

    #[test]
    fn use_of_an_api_token_is_recorded_once_a_minute() {
        on_both(async |world| {
            let (bearer, id) = api_token(&world, None).await;
            let used_at = async || {
                authenticate(&world.app, &bearer, None).await.unwrap();
                let tokens = world.read(|connection| connection.api_tokens(9)).await;
                tokens.into_iter().find(|token| token.id == id).unwrap().used_at
            };
            let first = used_at().await;
            assert_eq!(first, Some(world.now()));
            world.pass(USE_RECORDED_EVERY - 1).await;
            assert_eq!(used_at().await, first);
            world.pass(2_000).await;
            assert_eq!(used_at().await, Some(world.now()));
        });
    }
}
