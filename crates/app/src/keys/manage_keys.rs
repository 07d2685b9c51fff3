//! Key management by the operator, on the server's machine: the keys folder is there.

use keystead_protocol::certificate::KeyId;
use keystead_protocol::tlog::{Log, TreeHead};

use super::{KeyRequest, Rotation, SignedKeys};
use crate::context::App;
use crate::error::AppError;
use crate::principal::Principal;

/// The root keys, the issuing keys, and until when they sign, as text.
pub fn show_keys(app: &App, principal: &Principal) -> Result<String, AppError> {
    principal.require_operator()?;
    Ok(app.keys.status(app.now()))
}

/// The request that the root key signs on another machine. `revoked` is a stolen issuing key.
pub async fn request_keys(
    app: &App,
    principal: &Principal,
    revoked: Option<KeyId>,
) -> anyhow::Result<KeyRequest> {
    principal.require_operator()?;
    app.keys.request(&app.store, revoked, app.now()).await
}

/// Installs the objects that the root key signed.
pub async fn install_keys(app: &App, principal: &Principal, signed: &SignedKeys) -> anyhow::Result<()> {
    principal.require_operator()?;
    app.keys.install(&app.store, signed, app.now()).await
}

/// Creates new secrets. Values made with the old ones stay valid.
pub async fn rotate_keys(app: &App, principal: &Principal, rotation: Rotation) -> anyhow::Result<()> {
    principal.require_operator()?;
    app.keys.rotate(&app.store, rotation, app.now()).await
}

/// Revokes a stolen issuing key.
pub async fn revoke_key(app: &App, principal: &Principal, id: KeyId) -> anyhow::Result<()> {
    principal.require_operator()?;
    app.keys.revoke(&app.store, id, app.now()).await
}

/// Countersigns the newest checkpoints of both logs with the root key, and returns their tree heads.
pub async fn countersign_logs(app: &App, principal: &Principal) -> anyhow::Result<Vec<(Log, TreeHead)>> {
    principal.require_operator()?;
    app.keys.countersign(&app.store, app.now()).await
}

/// Creates the next root key and returns its fingerprint.
pub async fn draw_next_root(app: &App, principal: &Principal) -> anyhow::Result<String> {
    principal.require_operator()?;
    app.keys.draw_next_root(&app.store, app.now()).await
}
