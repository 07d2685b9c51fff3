//! Sealed tokens: server state that a browser or an application keeps between requests. Every node can open a
//! token without a query. [`SealedToken::consume`] ensures that a token is used only once.

use keystead_domain::Millis;
use keystead_protocol::text::{from_base64url, to_base64url};
use keystead_storage::{Digest, Error, Tx};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::context::App;

/// Owner id for tokens that are not bound to an account.
pub const UNBOUND: &[u8; 16] = &[0; 16];

#[derive(Serialize, Deserialize)]
struct Content<T> {
    until: Millis,
    value: T,
}

/// An opened token.
pub struct SealedToken<T> {
    /// The sealed value.
    pub value: T,
    id: Digest,
    expires_at: Millis,
}

impl<T> SealedToken<T> {
    /// Consumes the token. Returns `false` if it was used before.
    pub fn consume(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        tx.spent_token_insert(&self.id, self.expires_at)
    }
}

/// Seals `value`. `kind` is its purpose. `whose` binds it to one account or ceremony.
pub fn seal<T: Serialize>(app: &App, kind: &str, whose: &[u8; 16], value: &T, lifetime: Millis) -> String {
    let content = Content { until: app.now() + lifetime, value };
    let content = serde_json::to_vec(&content).expect("what is carried is plain data");
    to_base64url(&app.keys.seal(kind, whose, &content))
}

/// Opens a token with the same `kind` and `whose`, unless it has expired.
pub fn open<T: DeserializeOwned>(
    app: &App,
    kind: &str,
    whose: &[u8; 16],
    text: &str,
) -> Option<SealedToken<T>> {
    let sealed = from_base64url(text)?;
    let content = app.keys.open_sealed(kind, whose, &sealed)?;
    let content: Content<T> = serde_json::from_slice(&content).ok()?;
    if content.until <= app.now() {
        return None;
    }
    Some(SealedToken { value: content.value, id: Sha256::digest(&sealed).into(), expires_at: content.until })
}
