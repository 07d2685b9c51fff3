//! Access and refresh tokens of applications. A refresh token is used once. If it arrives again within a
//! short grace period, the response was probably lost, so the server repeats it. If it arrives later, or
//! after its successor was used, it was probably stolen, so the server ends the session.

use std::sync::Arc;

use keystead_domain::{DAY, Millis};
use keystead_protocol::id::{AccountId, SessionId};
use keystead_storage::{AppSession, AppToken, Digest, TokenKind, Tx};

use crate::context::Shared;
use crate::error::AppError;
use crate::security::bearer::{Bearer, Kind};
use crate::security::dpop::DpopProof;

/// Lifetime of an access token.
pub const ACCESS: Millis = 60 * 60 * 1000;
/// Maximum lifetime of an application session.
pub const SESSION: Millis = 180 * DAY;
/// Maximum idle time of an application session.
const IDLE: Millis = 60 * DAY;
/// How long the response for a used refresh token can be repeated.
const GRACE: Millis = 60 * 1000;

/// A token pair, shown once.
pub type Tokens = Arc<Pair>;

/// An access token and the next refresh token.
pub struct Pair {
    /// The access token.
    pub access: Bearer,
    /// The refresh token.
    pub refresh: Bearer,
}

impl Pair {
    /// The successors of a refresh token. They are derived from it, so a repeated request gets the same
    /// tokens.
    fn after(key: &[u8; 32], used: &Bearer) -> Tokens {
        let next = |kind| used.next(kind, key);
        Arc::new(Self { access: next(Kind::Access), refresh: next(Kind::Refresh) })
    }
}

/// Random values, generated before the transaction.
pub struct PregeneratedTokens {
    session: SessionId,
    tokens: Tokens,
}

impl PregeneratedTokens {
    /// Generates the tokens and the session's id.
    pub fn draw(app: &Shared) -> Self {
        let tokens = Pair { access: Bearer::new(Kind::Access), refresh: Bearer::new(Kind::Refresh) };
        Self { session: app.new_id(), tokens: Arc::new(tokens) }
    }

    /// The id of the session to open.
    pub fn session(&self) -> SessionId {
        self.session
    }
}

/// An application session to open.
pub struct NewSession<'a> {
    /// The account.
    pub account: AccountId,
    /// Time of the person's last authentication.
    pub authenticated_at: Millis,
    /// The application's `client_id`.
    pub client: &'a str,
    /// The device's name, as the application states it.
    pub device_name: &'a str,
    /// The granted scope.
    pub scope: &'a str,
    /// Thumbprint of the key that the tokens are bound to.
    pub key_thumbprint: Option<Digest>,
}

/// Opens an application session.
pub fn open(
    tx: &mut Tx<'_>,
    fresh: &PregeneratedTokens,
    new: NewSession<'_>,
    now: Millis,
) -> Result<Tokens, AppError> {
    let session = AppSession {
        id: fresh.session,
        account: new.account,
        client: new.client.to_owned(),
        device_name: new.device_name.to_owned(),
        scope: new.scope.to_owned(),
        key_thumbprint: new.key_thumbprint,
        authenticated_at: new.authenticated_at,
        created_at: now,
        expires_at: now + SESSION,
        ended_at: None,
    };
    tx.app_session_insert(&session)?;
    give(tx, &fresh.tokens, &session, now)?;
    Ok(Arc::clone(&fresh.tokens))
}

fn give(tx: &mut Tx<'_>, tokens: &Pair, session: &AppSession, now: Millis) -> Result<(), AppError> {
    let (access, refresh) = (tokens.access.digest(), tokens.refresh.digest());
    tx.app_token_insert(&access, session.id, TokenKind::Access, session.expires_at.min(now + ACCESS))?;
    Ok(tx.app_token_insert(&refresh, session.id, TokenKind::Refresh, session.expires_at.min(now + IDLE))?)
}

/// Consumes the DPoP proof, if there is one. Returns `false` if it was used before.
pub fn unused(tx: &mut Tx<'_>, proven: Option<DpopProof>) -> Result<bool, AppError> {
    Ok(proven.map(|proven| proven.consume(tx)).transpose()?.unwrap_or(true))
}

/// Exchanges a refresh token for new tokens. Returns `None` if the request is not valid. For tokens bound to
/// a key, `proven` must be a proof by this key. A second use of the token repeats the response or ends the
/// session.
pub async fn rotate(
    app: &Shared,
    refresh: &str,
    client: &str,
    proven: Option<DpopProof>,
) -> Result<Option<(Tokens, AppSession)>, AppError> {
    let Some(bearer) = refresh.parse::<Bearer>().ok().filter(|bearer| bearer.kind() == Kind::Refresh) else {
        return Ok(None);
    };
    let (digest, now, client) = (bearer.digest(), app.now(), client.to_owned());
    // One candidate per nonce key, newest first, because the lost response may predate a rotation.
    let successors: Vec<Tokens> = app.keys.nonces().iter().map(|key| Pair::after(key, &bearer)).collect();
    app.store
        .write(move |tx| {
            let Some(AppToken { session, used_at, .. }) =
                tx.app_token_by_digest(&digest, TokenKind::Refresh, now)?
            else {
                return Ok(None);
            };
            let shown = proven.map(|proven| proven.thumbprint);
            let held = session.key_thumbprint.is_none_or(|key| Some(key) == shown);
            if session.client != client || !held || !unused(tx, proven)? {
                return Ok(None);
            }
            let Some(used_at) = used_at else {
                let tokens = &successors[0];
                tx.app_token_use(&digest, now)?;
                give(tx, tokens, &session, now)?;
                return Ok(Some((Arc::clone(tokens), session)));
            };
            for tokens in &successors {
                let successor = tx.app_token_by_digest(&tokens.refresh.digest(), TokenKind::Refresh, now)?;
                let answer_was_lost = successor.is_some_and(|token| token.used_at.is_none());
                if now - used_at <= GRACE && answer_was_lost {
                    return Ok(Some((Arc::clone(tokens), session)));
                }
            }
            tracing::warn!(session = %session.id, "a refresh token was used twice; the session is ended");
            tx.app_session_end(session.id, now)?;
            Ok(None)
        })
        .await
}

/// Ends the session of a token (RFC 7009). Ignores an unknown token.
pub async fn revoke(app: &Shared, token: &str) -> Result<(), AppError> {
    let Ok(bearer) = token.parse::<Bearer>() else { return Ok(()) };
    let kind = match bearer.kind() {
        Kind::Access => TokenKind::Access,
        Kind::Refresh => TokenKind::Refresh,
        _ => return Ok(()),
    };
    let (digest, now) = (bearer.digest(), app.now());
    app.store
        .write(move |tx| match tx.app_token_by_digest(&digest, kind, now)? {
            Some(token) => Ok(tx.app_session_end(token.session.id, now)?),
            None => Ok::<_, AppError>(()),
        })
        .await
}

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;

    use super::*;
    use crate::keys::Rotation;
    use crate::oauth::authenticate::authenticate;
    use crate::testing::{CLIENT, DpopKey, World, on_both, refusal};

    async fn session(world: &World) -> Tokens {
        world.application(&world.customer().await, "licenses", None).await.tokens
    }

    async fn refreshed(world: &World, tokens: &Pair) -> Option<Tokens> {
        let refreshed = rotate(&world.app, tokens.refresh.expose(), CLIENT, None).await.unwrap();
        refreshed.map(|(tokens, _)| tokens)
    }

    async fn is_active(world: &World, tokens: &Pair) -> bool {
        authenticate(&world.app, &tokens.access, None).await.is_ok()
    }

    #[test]
    fn lost_response_is_repeated_within_a_minute() {
        on_both(async |world| {
            let first = session(&world).await;
            let second = refreshed(&world, &first).await.unwrap();
            assert!(is_active(&world, &second).await);
            world.app.keys.rotate(&world.app.store, Rotation::Nonce, world.now()).await.unwrap();
            world.pass(GRACE).await;
            let repeated = refreshed(&world, &first).await.unwrap();
            assert_eq!(repeated.refresh.expose(), second.refresh.expose());
            assert_eq!(repeated.access.expose(), second.access.expose());
        });
    }

    #[test]
    fn late_second_use_of_a_refresh_token_ends_the_session() {
        on_both(async |world| {
            let first = session(&world).await;
            let second = refreshed(&world, &first).await.unwrap();
            world.pass(GRACE + 1).await;
            assert!(refreshed(&world, &first).await.is_none());
            assert!(!is_active(&world, &second).await);
            assert!(refreshed(&world, &second).await.is_none());
        });
    }

    #[test]
    fn use_after_the_successor_was_used_ends_the_session() {
        on_both(async |world| {
            let first = session(&world).await;
            let second = refreshed(&world, &first).await.unwrap();
            let third = refreshed(&world, &second).await.unwrap();
            assert!(refreshed(&world, &first).await.is_none());
            assert!(!is_active(&world, &third).await);
        });
    }

    #[test]
    fn refresh_token_serves_its_application_and_its_key_only() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, DpopKey::draw());
            let proof = key.proof(&world);
            let tokens = world.application(&customer, "licenses", Some(proof)).await.tokens;
            let attempt = async |client: &str, proof: Option<DpopProof>| {
                rotate(&world.app, tokens.refresh.expose(), client, proof).await.unwrap()
            };
            assert!(attempt("keystead-cli", Some(key.proof(&world))).await.is_none());
            assert!(attempt(CLIENT, None).await.is_none());
            assert!(attempt(CLIENT, Some(DpopKey::draw().proof(&world))).await.is_none());
            assert!(attempt(CLIENT, Some(proof)).await.is_none(), "the proof was used before");
            assert!(attempt(CLIENT, Some(key.proof(&world))).await.is_some());
        });
    }

    #[test]
    fn idle_session_ends_after_two_months() {
        on_both(async |world| {
            let first = session(&world).await;
            world.pass(IDLE - 1).await;
            let second = refreshed(&world, &first).await.unwrap();
            world.pass(IDLE).await;
            assert!(refreshed(&world, &second).await.is_none());
        });
    }

    #[test]
    fn revoked_token_ends_its_session_and_an_unknown_one_is_no_error() {
        on_both(async |world| {
            let (tokens, other) = (session(&world).await, session(&world).await);
            for text in ["no token", Bearer::new(Kind::Access).expose(), Bearer::new(Kind::ApiToken).expose()]
            {
                revoke(&world.app, text).await.unwrap();
            }
            revoke(&world.app, tokens.access.expose()).await.unwrap();
            revoke(&world.app, tokens.access.expose()).await.unwrap();
            let refused = authenticate(&world.app, &tokens.access, None).await;
            assert_eq!(refusal(refused), Code::TokenExpired);
            assert!(refreshed(&world, &tokens).await.is_none());
            assert!(is_active(&world, &other).await);
        });
    }
}
