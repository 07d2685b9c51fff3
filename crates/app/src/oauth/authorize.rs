//! The authorization code grant (RFC 6749, section 4.1; RFC 7636). The person allows an application in the
//! browser. The application then exchanges the code once for tokens, with its PKCE verifier.

use keystead_domain::Millis;
use keystead_domain::device_grant::Approver;
use keystead_protocol::Code;
use keystead_protocol::id::OutboxId;
use keystead_storage::{Account, AuthorizationCode, Digest};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::accounts::sign_in;
use crate::accounts::sign_in_event::SignInAttempt;
use crate::audit::Event;
use crate::context::Shared;
use crate::credential::Credential;
use crate::error::AppError;
use crate::oauth::rotate_tokens::{self, NewSession, PregeneratedTokens, Tokens, unused};
use crate::principal::Principal;
use crate::security::bearer::{Bearer, Kind};
use crate::security::dpop::DpopProof;

/// Lifetime of an authorization code.
const LIFETIME: Millis = 60_000;

/// An authorization request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The application's `client_id`.
    pub client: String,
    /// The redirect address of the code; empty if the code is not sent by a redirect.
    pub redirect_uri: String,
    /// SHA-256 of the PKCE verifier.
    pub challenge: Digest,
    /// Nonce for the ID token.
    pub nonce: Option<String>,
    /// Requested scope, space-separated.
    pub scope: String,
}

/// A request to exchange a code for tokens (RFC 6749, section 4.1.3).
#[derive(Clone, Copy)]
pub struct TokenRequest<'a> {
    /// The authorization code.
    pub code: &'a str,
    /// The application's `client_id`.
    pub client: &'a str,
    /// The redirect address of the code; empty if the code was not sent by a redirect.
    pub redirect_uri: &'a str,
    /// The PKCE verifier.
    pub verifier: &'a str,
}

/// The result of exchanging a code.
#[derive(Clone)]
pub struct IssuedTokens {
    /// The tokens.
    pub tokens: Tokens,
    /// The account that signed in.
    pub account: Account,
    /// The granted scope.
    pub scope: String,
    /// Nonce for the ID token.
    pub nonce: Option<String>,
    /// Time of the person's last authentication.
    pub authenticated_at: Millis,
}

/// Issues a code after the person allowed the request.
pub async fn allow(
    app: &Shared,
    principal: &Principal,
    request: AuthorizationRequest,
) -> Result<Bearer, AppError> {
    let by = principal.require_person()?.approver();
    issue_code(app, principal.into(), by, request).await
}

/// Issues a code for `account` and records the sign-in. The credentials were checked during this request.
pub async fn allow_after_sign_in(
    app: &Shared,
    account: &Account,
    attempt: SignInAttempt,
    request: AuthorizationRequest,
) -> Result<Bearer, AppError> {
    let by = Approver { account: account.id, authenticated_at: app.now() };
    let code = issue_code(app, account.into(), by, request).await?;
    sign_in::record(app, attempt).await?;
    Ok(code)
}

async fn issue_code(
    app: &Shared,
    credential: Credential,
    by: Approver,
    request: AuthorizationRequest,
) -> Result<Bearer, AppError> {
    let secret = Bearer::new(Kind::AuthorizationCode);
    let (digest, now, message) = (secret.digest(), app.now(), app.new_id::<OutboxId>());
    let Approver { account, authenticated_at } = by;
    let AuthorizationRequest { client, redirect_uri, challenge, nonce, scope } = request;
    let expires_at = now + LIFETIME;
    let code = AuthorizationCode {
        account,
        client,
        redirect_uri,
        challenge,
        nonce,
        scope,
        authenticated_at,
        expires_at,
        session: None,
    };
    let stored: Result<(), AppError> = app
        .write_as(credential, move |tx| {
            tx.authorization_code_insert(&digest, &code)?;
            Event { id: message, at: now, actor: &format!("account:{account}"), action: "grant.approve" }
                .record(tx, account, &code.client);
            Ok(())
        })
        .await;
    stored.map(|()| secret)
}

/// Exchanges a code for tokens; `None` if the code is not valid. If `proven` is set, the tokens are bound to
/// its key. A second use of a code ends the session that it opened, because the code may have been
/// intercepted.
pub async fn exchange(
    app: &Shared,
    request: TokenRequest<'_>,
    proven: Option<DpopProof>,
) -> Result<Option<IssuedTokens>, AppError> {
    let Some(secret) = Bearer::parse(request.code, Kind::AuthorizationCode) else { return Ok(None) };
    let challenge: Digest = Sha256::digest(request.verifier.as_bytes()).into();
    let (digest, now, fresh) = (secret.digest(), app.now(), PregeneratedTokens::draw(app));
    let (client, redirect_uri, message) =
        (request.client.to_owned(), request.redirect_uri.to_owned(), app.new_id::<OutboxId>());
    app.store
        .write(move |tx| {
            let Some(code) = tx.authorization_code_by_digest(&digest)? else { return Ok(None) };
            if let Some(session) = code.session {
                tracing::warn!(%session, "an authorization code was shown twice; its session is ended");
                tx.app_session_end(session, now)?;
                return Ok(None);
            }
            let fits: bool = code.challenge.ct_eq(&challenge).into();
            if !fits || code.client != client || code.redirect_uri != redirect_uri || code.expires_at <= now {
                return Ok(None);
            }
            let account = tx.account_by_id(code.account)?.ok_or(AppError::from(Code::Internal))?;
            if !tx.authorization_code_use(&digest, fresh.session())? || !unused(tx, proven)? {
                return Ok(None);
            }
            let session = NewSession {
                account: code.account,
                authenticated_at: code.authenticated_at,
                client: &code.client,
                device_name: "",
                scope: &code.scope,
                key_thumbprint: proven.map(|proven| proven.thumbprint),
            };
            let tokens = rotate_tokens::open(tx, &fresh, session, now)?;
            let actor = format!("account:{}", code.account);
            Event { id: message, at: now, actor: &actor, action: "app_session.open" }.record(
                tx,
                code.account,
                &code.client,
            );
            let authenticated_at = code.authenticated_at;
            Ok(Some(IssuedTokens { tokens, account, scope: code.scope, nonce: code.nonce, authenticated_at }))
        })
        .await
}

/// Whether `text` has the form of a PKCE verifier (RFC 7636, section 4.1).
pub fn is_verifier(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::sign_in_event::Method;
    use crate::oauth::authenticate::authenticate;
    use crate::testing::{CLIENT, DpopKey, World, authorization, on_both, refusal, token_request};

    async fn code(world: &World) -> Bearer {
        let customer = world.customer().await;
        allow(&world.app, &customer.principal(), authorization("licenses")).await.unwrap()
    }

    async fn exchanged(world: &World, request: TokenRequest<'_>) -> Option<IssuedTokens> {
        exchange(&world.app, request, None).await.unwrap()
    }

    #[test]
    fn code_is_exchanged_for_the_tokens_of_the_person_who_allowed_it() {
        on_both(async |world| {
            let customer = world.customer().await;
            let request = AuthorizationRequest { nonce: Some("n".to_owned()), ..authorization("licenses") };
            let code = allow(&world.app, &customer.principal(), request).await.unwrap();
            let issued = exchanged(&world, token_request(&code)).await.unwrap();
            assert_eq!(issued.account, customer.person.account);
            assert_eq!((issued.scope.as_str(), issued.nonce.as_deref()), ("licenses", Some("n")));
            assert_eq!(issued.authenticated_at, customer.person.session.created_at);
            assert_eq!(world.actions(customer.id()).await, ["grant.approve", "app_session.open"]);
            assert!(world.audit(customer.id()).await.iter().all(|event| event.detail == CLIENT));
        });
    }

    #[test]
    fn second_use_of_a_code_ends_the_session_that_it_opened() {
        on_both(async |world| {
            let code = code(&world).await;
            let tokens = exchanged(&world, token_request(&code)).await.unwrap().tokens;
            authenticate(&world.app, &tokens.access, None).await.unwrap();
            assert!(exchanged(&world, token_request(&code)).await.is_none());
            let refused = authenticate(&world.app, &tokens.access, None).await;
            assert_eq!(refusal(refused), Code::TokenExpired);
        });
    }

    #[test]
    fn code_serves_its_application_its_address_and_its_verifier_only() {
        on_both(async |world| {
            let code = code(&world).await;
            let right = token_request(&code);
            for wrong in [
                TokenRequest { client: "keystead-cli", ..right },
                TokenRequest { redirect_uri: "http://127.0.0.1/other", ..right },
                TokenRequest { verifier: "another verifier", ..right },
                TokenRequest { code: "no code", ..right },
            ] {
                assert!(exchanged(&world, wrong).await.is_none());
            }
            assert!(exchanged(&world, right).await.is_some(), "wrong requests do not use the code up");
        });
    }

    #[test]
    fn code_expires_after_a_minute_and_with_the_account_s_sessions() {
        on_both(async |world| {
            let late = code(&world).await;
            world.pass(LIFETIME).await;
            assert!(exchanged(&world, token_request(&late)).await.is_none());
            let customer = world.customer().await;
            let code = allow(&world.app, &customer.principal(), authorization("licenses")).await.unwrap();
            world.sign_out(&customer).await;
            assert!(exchanged(&world, token_request(&code)).await.is_none());
        });
    }

    #[test]
    fn proof_that_was_used_before_opens_no_session() {
        on_both(async |world| {
            let proof = DpopKey::draw().proof(&world);
            world.application(&world.customer().await, "licenses", Some(proof)).await;
            let code = code(&world).await;
            let replayed = exchange(&world.app, token_request(&code), Some(proof)).await.unwrap();
            assert!(replayed.is_none());
        });
    }

    #[test]
    fn only_a_signed_in_person_allows_an_application() {
        on_both(async |world| {
            let customer = world.customer().await;
            let attempt =
                async |principal: &Principal| allow(&world.app, principal, authorization("licenses")).await;
            world.assert_for_persons_only(&customer, attempt).await;
            world.sign_out(&customer).await;
            assert_eq!(refusal(attempt(&customer.principal()).await), Code::TokenExpired);
        });
    }

    #[test]
    fn sign_in_of_an_application_is_recorded_and_void_once_the_credentials_change() {
        on_both(async |world| {
            let account = world.customer().await.person.account;
            let allowed = async || {
                let attempt =
                    SignInAttempt::new(&world.app, &world.origin(), Method::Password, Some(account.id));
                allow_after_sign_in(&world.app, &account, attempt, authorization("licenses")).await
            };
            let code = allowed().await.unwrap();
            assert!(exchanged(&world, token_request(&code)).await.is_some());
            assert!(world.actions(account.id).await.contains(&"sign_in.succeed".to_owned()));
            let (id, now) = (account.id, world.now());
            world.app.store.write(move |tx| tx.account_set_disabled(id, Some(now))).await.unwrap();
            assert_eq!(refusal(allowed().await), Code::CredentialsWrong);
        });
    }
}
