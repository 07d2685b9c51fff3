//! Signing an application in by the browser: a code that the person allowed, exchanged once for tokens by whoever knows the
//! PKCE verifier (RFC 6749, section 4.1; RFC 7636).

use keystead_domain::Millis;
use keystead_domain::device_grant::Approver;
use keystead_protocol::Code;
use keystead_protocol::id::OutboxId;
use keystead_storage::{Account, AuthorizationCode, Digest};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::audit::Event;
use crate::context::Shared;
use crate::credential::Credential;
use crate::error::AppError;
use crate::oauth::rotate_tokens::{self, NewSession, PregeneratedTokens, Tokens, unused};
use crate::security::bearer::{Bearer, Kind};
use crate::security::dpop::DpopProof;

/// How long a code can be exchanged.
const LIFETIME: Millis = 60_000;

/// What an application asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The application.
    pub client: String,
    /// Where the code goes; nowhere if it is not sent by a redirect.
    pub redirect_uri: String,
    /// SHA-256 of the PKCE verifier.
    pub challenge: Digest,
    /// What it wants to find in the ID token.
    pub nonce: Option<String>,
    /// What it wants to do, names separated by spaces.
    pub scope: String,
}

/// What an application exchanges for tokens (RFC 6749, section 4.1.3).
#[derive(Clone, Copy)]
pub struct TokenRequest<'a> {
    /// The authorization code.
    pub code: &'a str,
    /// The application.
    pub client: &'a str,
    /// Where the code was sent; empty if it was not sent by a redirect.
    pub redirect_uri: &'a str,
    /// The PKCE verifier.
    pub verifier: &'a str,
}

/// What a code was exchanged for.
#[derive(Clone)]
pub struct IssuedTokens {
    /// The tokens.
    pub tokens: Tokens,
    /// Who signed in.
    pub account: Account,
    /// What was allowed.
    pub scope: String,
    /// For the ID token.
    pub nonce: Option<String>,
    /// When the person last showed their credentials.
    pub authenticated_at: Millis,
}

/// Gives the application a code, after `principal`, whose account `by` names, allowed it.
pub async fn allow(
    app: &Shared,
    principal: impl Into<Credential>,
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
        .write_as(principal, move |tx| {
            tx.insert_authorization_code(&digest, &code)?;
            Event { id: message, at: now, actor: &format!("account:{account}"), action: "grant.approve" }
                .record(tx, account, &code.client);
            Ok(())
        })
        .await;
    stored.map(|()| secret)
}

/// Exchanges a code for tokens, bound to the key that was `proven` if there is one; `None` when it gives none. A code that is
/// shown a second time ends the session that it opened: somebody else has seen it.
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
            let Some(code) = tx.authorization_code(&digest)? else { return Ok(None) };
            if let Some(session) = code.session {
                tracing::warn!(%session, "an authorization code was shown twice; its session is ended");
                tx.end_app_session(session, now)?;
                return Ok(None);
            }
            let fits: bool = code.challenge.ct_eq(&challenge).into();
            if !fits || code.client != client || code.redirect_uri != redirect_uri || code.expires_at <= now {
                return Ok(None);
            }
            let account = tx.account(code.account)?.ok_or(AppError::from(Code::Internal))?;
            if !tx.use_authorization_code(&digest, fresh.session())? || !unused(tx, proven)? {
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

/// Whether a text can be a PKCE verifier (RFC 7636, section 4.1).
pub fn is_verifier(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(allowed)
}
