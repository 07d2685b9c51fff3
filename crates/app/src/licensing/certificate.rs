//! Issuing a certificate for what an activation is at this moment.

use keystead_domain::Millis;
use keystead_domain::activation::{Activation, LeaseTerms};
use keystead_domain::license::{License, Ownership};
use keystead_protocol::api::Activated;
use keystead_protocol::certificate::{LicenseClaims, Link, Purpose, seal};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::text::to_base64url;
use keystead_protocol::tlog::{Covers, IssueEntry};
use keystead_storage::Tx;
use sha2::{Digest as _, Sha256};

use crate::catalog::cache::Terms;
use crate::context::Shared;
use crate::error::AppError;

/// What a certificate is about: all as it will be after the transaction.
pub struct Subject<'a> {
    /// The activation.
    pub activation: Activation,
    /// Its license.
    pub license: &'a License,
    /// What the license is of.
    pub terms: &'a Terms,
    /// The key that signed the request.
    pub device_key: DevicePublicKey,
    /// The certificate's fresh id.
    pub token_id: [u8; 16],
    /// Why it is issued, as the issue log says it.
    pub reason: &'static str,
}

/// Signs a certificate, records it in the issue log and assembles the response.
pub fn issue(
    tx: &mut Tx<'_>,
    app: &Shared,
    subject: Subject<'_>,
    now: Millis,
) -> Result<Activated, AppError> {
    let signer = app.keys.signer(now)?;
    let (id, device) = (subject.activation.id, subject.activation.device);
    let state = subject.activation.state(subject.license, now);
    let (token_id, reason, ratchet) = (subject.token_id, subject.reason, subject.activation.ratchet.current);
    let (license, claims) = (subject.license.id, claims_of(subject, app.keys.issuer.clone(), now).encode());
    tx.issue_insert(IssueEntry {
        token_id,
        covers: Covers::Claims,
        hash: Sha256::digest(&claims).into(),
        activation: id,
        actor: format!("device:{device}"),
        reason: reason.to_owned(),
        issued_at: now,
    });
    let token = seal(Purpose::License, &signer.key, claims);
    Ok(Activated {
        activation: id,
        license,
        device,
        state,
        token: to_base64url(&token),
        keys: signer.keys.clone(),
        ratchet: to_base64url(&ratchet),
        offline_secret: Some(to_base64url(app.keys.offline_secret(id).as_bytes())),
    })
}

fn claims_of(subject: Subject<'_>, issuer: String, now: Millis) -> LicenseClaims {
    let Subject {
        activation, license, terms: Terms { product, edition, policy }, device_key, token_id, ..
    } = subject;
    let lease = activation.lease(LeaseTerms { rules: &policy.rules, license_expiry: license.expires_at });
    let issued_at = now / 1000;
    LicenseClaims {
        issuer,
        product: product.slug.clone(),
        issued_at,
        lease_until: issued_at.max(lease.until / 1000),
        token_id,
        device_key,
        license: license.id,
        activation: activation.id,
        edition: edition.slug.clone(),
        features: edition.features.clone(),
        refresh_after: issued_at.max(lease.refresh_after / 1000),
        grace_until: issued_at.max(lease.grace_until / 1000),
        license_expiry: license.expires_at.map(|end| end / 1000),
        fingerprint: activation.baseline,
        sequence: activation.ratchet.sequence,
        policy: policy.number,
        link: match license.ownership {
            Ownership::Held => Link::KeyOnly,
            Ownership::Owned { .. } => Link::Account,
        },
    }
}
