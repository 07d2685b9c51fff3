//! Access and refresh tokens of applications. A refresh token is used once. Shown again within a short grace it gets the
//! same answer, because that was lost; shown later, or after its successor was used, it was stolen and ends the session.

use std::sync::Arc;

use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, SessionId};
use keystead_storage::{AppSession, AppToken, Digest, TokenKind, Tx};

use crate::context::Shared;
use crate::error::AppError;
use crate::security::bearer::{Bearer, Kind};
use crate::security::dpop::DpopProof;

/// How long an access token serves.
pub const ACCESS: Millis = 60 * 60 * 1000;
/// How long a sign-in of an application lasts at the longest.
pub const SESSION: Millis = 180 * DAY;
/// How long a sign-in of an application lasts that is not used.
const IDLE: Millis = 60 * DAY;
/// How long a used refresh token is answered again.
const GRACE: Millis = 60 * 1000;

/// Tokens, shown once.
pub type Tokens = Arc<Pair>;

/// An access token and the refresh token that follows it.
pub struct Pair {
    /// For requests.
    pub access: Bearer,
    /// For new tokens.
    pub refresh: Bearer,
}

impl Pair {
    /// What a refresh token is exchanged for, however often it is asked.
    fn after(key: &[u8; 32], used: &Bearer) -> Tokens {
        let next = |kind| used.next(kind, key);
        Arc::new(Self { access: next(Kind::Access), refresh: next(Kind::Refresh) })
    }
}

/// What is drawn before the transaction.
pub struct PregeneratedTokens {
    session: SessionId,
    tokens: Tokens,
}

impl PregeneratedTokens {
    /// Draws secrets and an id.
    pub fn draw(app: &Shared) -> Self {
        let tokens = Pair { access: Bearer::new(Kind::Access), refresh: Bearer::new(Kind::Refresh) };
        Self { session: app.new_id(), tokens: Arc::new(tokens) }
    }

    /// The session that will be opened.
    pub fn session(&self) -> SessionId {
        self.session
    }
}

/// Who an application is signed in as, and what it may do.
pub struct NewSession<'a> {
    /// The account.
    pub account: AccountId,
    /// When its person last showed their credentials.
    pub authenticated_at: Millis,
    /// The application.
    pub client: &'a str,
    /// The device, in its own words.
    pub device_name: &'a str,
    /// What was allowed.
    pub scope: &'a str,
    /// The key that the tokens are bound to.
    pub key_thumbprint: Option<Digest>,
}

/// Opens an application's session.
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
    tx.insert_app_session(&session)?;
    give(tx, &fresh.tokens, &session, now)?;
    Ok(Arc::clone(&fresh.tokens))
}

fn give(tx: &mut Tx<'_>, tokens: &Pair, session: &AppSession, now: Millis) -> Result<(), AppError> {
    let (access, refresh) = (tokens.access.digest(), tokens.refresh.digest());
    tx.insert_app_token(&access, session.id, TokenKind::Access, session.expires_at.min(now + ACCESS))?;
    Ok(tx.insert_app_token(&refresh, session.id, TokenKind::Refresh, session.expires_at.min(now + IDLE))?)
}

/// Whether the proof of possession that came along, if one did, is shown for the first time.
pub fn unused(tx: &mut Tx<'_>, proven: Option<DpopProof>) -> Result<bool, AppError> {
    Ok(proven.map(|proven| proven.consume(tx)).transpose()?.unwrap_or(true))
}

/// Gives new tokens for a refresh token; `None` when it is unknown, or was used and its session is over now.
/// Tokens that are bound to a key are renewed only by whoever has `proven` to hold it.
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
    // With each of the server's keys, the newest first: the answer that was lost may have come before a rotation.
    let successors: Vec<Tokens> = app.keys.nonces().iter().map(|key| Pair::after(key, &bearer)).collect();
    app.store
        .write(move |tx| {
            let Some(AppToken { session, used_at, .. }) = tx.app_token(&digest, TokenKind::Refresh, now)?
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
                tx.use_app_token(&digest, now)?;
                give(tx, tokens, &session, now)?;
                return Ok(Some((Arc::clone(tokens), session)));
            };
            for tokens in &successors {
                let successor = tx.app_token(&tokens.refresh.digest(), TokenKind::Refresh, now)?;
                let answer_was_lost = successor.is_some_and(|token| token.used_at.is_none());
                if now - used_at <= GRACE && answer_was_lost {
                    return Ok(Some((Arc::clone(tokens), session)));
                }
            }
            tracing::warn!(session = %session.id, "a refresh token was used twice; the session is ended");
            tx.end_app_session(session.id, now)?;
            Ok(None)
        })
        .await
}

/// Ends the session of a token (RFC 7009); an unknown token is nothing to complain about.
pub async fn revoke(app: &Shared, token: &str) -> Result<(), AppError> {
    let Ok(bearer) = token.parse::<Bearer>() else { return Ok(()) };
    let kind = match bearer.kind() {
        Kind::Access => TokenKind::Access,
        Kind::Refresh => TokenKind::Refresh,
        _ => return Ok(()),
    };
    let (digest, now) = (bearer.digest(), app.now());
    app.store
        .write(move |tx| match tx.app_token(&digest, kind, now)? {
            Some(token) => Ok(tx.end_app_session(token.session.id, now)?),
            None => Ok::<_, AppError>(()),
        })
        .await
        .map_err(|_| Code::Internal.into())
}
