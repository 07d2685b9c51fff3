//! Key management by the operator. The commands run on the machine with the keys folder.

use keystead_protocol::certificate::KeyId;
use keystead_protocol::tlog::{Log, TreeHead};

use super::{KeyRequest, Rotation, SignedKeys};
use crate::context::App;
use crate::error::AppError;
use crate::principal::Principal;

/// Describes the root keys, the issuing keys and the signing window, as text.
pub fn show_keys(app: &App, principal: &Principal) -> Result<String, AppError> {
    principal.require_operator()?;
    Ok(app.keys.status(app.now()))
}

/// Creates the request that the root key signs on another machine. `revoked` is a stolen issuing key.
pub async fn request_keys(
    app: &App,
    principal: &Principal,
    revoked: Option<KeyId>,
) -> anyhow::Result<KeyRequest> {
    principal.require_operator()?;
    app.keys.request(&app.store, revoked, app.now()).await
}

/// Installs the keyset and statements that the root key signed.
pub async fn install_keys(app: &App, principal: &Principal, signed: &SignedKeys) -> anyhow::Result<()> {
    principal.require_operator()?;
    app.keys.install(&app.store, signed, app.now()).await
}

/// Creates new generations of secrets.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use keystead_protocol::Code;
    use keystead_storage::Role;

    use super::*;
    use crate::audit::transparency_logs::{sequence_logs, show_checkpoint};
    use crate::principal::Permission;
    use crate::testing::{Device, World, as_refusal, on_both, refusal};

    const OPERATOR: Principal = Principal::Operator;

    fn signed(objects: &[&str]) -> SignedKeys {
        let signed = objects.iter().map(|object| (*object).to_owned()).collect();
        SignedKeys { signed, countersigned: BTreeMap::new() }
    }

    /// The id of the current signing key.
    fn signing_key(world: &World) -> KeyId {
        let signer = world.app.keys.current().signers.first().cloned().expect("a key signs");
        KeyId::of(&signer.key.verifying_key())
    }

    #[test]
    fn rotation_replaces_the_signing_key_and_keeps_product_keys_valid() {
        on_both(async |world| {
            let (key, before) = (world.key().await, signing_key(&world));
            rotate_keys(&world.app, &OPERATOR, Rotation::All).await.unwrap();
            world.pass(keystead_domain::HOUR).await;
            assert_ne!(signing_key(&world), before);
            world.activated(&Device::new(1), &key).await;
            let status = show_keys(&world.app, &OPERATOR).unwrap();
            assert!(status.contains(&signing_key(&world).to_hex()), "{status}");
            assert!(status.contains(&before.to_hex()), "{status}");
        });
    }

    #[test]
    fn stolen_key_is_revoked_and_signs_no_more() {
        on_both(async |world| {
            let stolen = signing_key(&world);
            rotate_keys(&world.app, &OPERATOR, Rotation::Issuing).await.unwrap();
            revoke_key(&world.app, &OPERATOR, stolen).await.unwrap();
            assert_ne!(signing_key(&world), stolen);
            let status = show_keys(&world.app, &OPERATOR).unwrap();
            assert!(status.contains(&format!("{} revoked", stolen.to_hex())), "{status}");
        });
    }

    #[test]
    fn root_countersigns_the_newest_checkpoints() {
        on_both(async |world| {
            world.activated(&Device::new(1), &world.key().await).await;
            sequence_logs(&world.app).await.unwrap();
            for (log, head) in countersign_logs(&world.app, &OPERATOR).await.unwrap() {
                let shown = show_checkpoint(&world.app, &OPERATOR, log).await.unwrap();
                assert!(head.size > 0 && head.size == shown.size);
                let countersigned = world.app.keys.open_countersigned(log, &shown.countersigned.unwrap());
                assert_eq!(countersigned, Some(head));
            }
        });
    }

    #[test]
    fn next_root_key_is_made_once() {
        on_both(async |world| {
            let fingerprint = draw_next_root(&world.app, &OPERATOR).await.unwrap();
            assert!(show_keys(&world.app, &OPERATOR).unwrap().contains(&fingerprint));
            let again = draw_next_root(&world.app, &OPERATOR).await.unwrap_err();
            assert!(again.to_string().contains("already"), "{again}");
        });
    }

    #[test]
    fn objects_that_the_root_key_did_not_sign_are_not_installed() {
        on_both(async |world| {
            let before = show_keys(&world.app, &OPERATOR).unwrap();
            let request = request_keys(&world.app, &OPERATOR, None).await.unwrap();
            assert_eq!(request.issuer, world.app.keys.issuer);
            let forged = signed(&["AAAA"]);
            assert!(install_keys(&world.app, &OPERATOR, &forged).await.is_err());
            assert_eq!(show_keys(&world.app, &OPERATOR).unwrap(), before);
        });
    }

    #[test]
    fn only_the_operator_manages_keys() {
        on_both(async |world| {
            let (app, stolen) = (&world.app, signing_key(&world));
            let before = show_keys(app, &OPERATOR).unwrap();
            let customer = world.customer().await;
            for (principal, code) in [
                (Principal::Anonymous, Code::SignInRequired),
                (customer.principal(), Code::PermissionMissing),
                (world.staff(Role::Admin).await, Code::PermissionMissing),
                (world.vendor(&Permission::API_SCOPES).await, Code::PermissionMissing),
            ] {
                let by = &principal;
                assert_eq!(refusal(show_keys(app, by)), code);
                assert_eq!(refusal(as_refusal(request_keys(app, by, None).await)), code);
                let nothing = signed(&[]);
                assert_eq!(refusal(as_refusal(install_keys(app, by, &nothing).await)), code);
                assert_eq!(refusal(as_refusal(rotate_keys(app, by, Rotation::All).await)), code);
                assert_eq!(refusal(as_refusal(revoke_key(app, by, stolen).await)), code);
                assert_eq!(refusal(as_refusal(countersign_logs(app, by).await)), code);
                assert_eq!(refusal(as_refusal(draw_next_root(app, by).await)), code);
            }
            assert_eq!(show_keys(app, &OPERATOR).unwrap(), before);
        });
    }
}
