//! Issuing a certificate for what an activation is at this moment.

use ed25519_dalek::VerifyingKey;
use keystead_domain::Millis;
use keystead_domain::license::Ownership;
use keystead_domain::policy::{self, Lease};
use keystead_protocol::Code;
use keystead_protocol::api::Activated;
use keystead_protocol::certificate::{LicenseClaims, Link};
use keystead_protocol::text::to_base64url;
use keystead_storage::{ActivationDetails, Issued, Tx};

use crate::app::Shared;
use crate::error::ApiError;

/// The lease that a certificate issued at `now` gets.
pub fn lease(details: &ActivationDetails, now: Millis) -> Lease {
    policy::lease(&details.rules, details.license.expires_at, now)
}

/// Signs a certificate, records it in the issue log, and puts together the answer.
///
/// `details` are as they will be after the transaction, `device_key` signed the request; `token_id` is fresh.
pub fn issue(
    tx: &mut Tx<'_>,
    app: &Shared,
    details: ActivationDetails,
    device_key: VerifyingKey,
    token_id: [u8; 16],
    reason: &'static str,
    now: Millis,
) -> Result<Activated, ApiError> {
    if !app.keys.may_sign(now) {
        tracing::error!("the key statements have run out; bring root.key back to the keys folder once");
        return Err(Code::Internal.into());
    }
    let (lease, state) = (lease(&details, now), details.activation.state(&details.license, now));
    let ActivationDetails { activation, license, .. } = details;
    let (id, device, ratchet) = (activation.id, activation.device, activation.ratchet);
    let mut claims = LicenseClaims {
        issuer: app.keys.issuer.clone(),
        product: details.product,
        issued_at: lease.issued_at / 1000,
        lease_until: lease.until / 1000,
        token_id,
        device_key,
        license: license.id,
        activation: id,
        edition: details.edition,
        features: details.features,
        refresh_after: lease.refresh_after / 1000,
        grace_until: lease.grace_until / 1000,
        license_expiry: license.expires_at.map(|end| end / 1000),
        fingerprint: activation.baseline,
        sequence: ratchet.sequence,
        policy: details.policy_number,
        log_index: 0,
        link: match license.ownership {
            Ownership::Held => Link::KeyOnly,
            Ownership::Owned { .. } => Link::Account,
        },
    };
    let token = tx.issue(id, &format!("device:{device}"), reason, now, |log_index| {
        claims.log_index = log_index;
        Issued { token_id, token: claims.seal(&app.keys.issuing) }
    });
    Ok(Activated {
        activation: id,
        license: license.id,
        device,
        state,
        token: to_base64url(&token),
        keys: app.keys.statements(),
        ratchet: to_base64url(&ratchet.current),
    })
}
