//! Issues certificates. The transaction records the claims. The signature is made after the commit, so the
//! writer does not wait for it.

use keystead_domain::Millis;
use keystead_domain::activation::{Activation, LeaseTerms};
use keystead_domain::license::{License, Ownership};
use keystead_protocol::api::Activated;
use keystead_protocol::certificate::{LicenseClaims, Link, Purpose, seal};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::{ActivationId, DeviceId, LicenseId};
use keystead_protocol::state::State;
use keystead_protocol::text::{from_base64url, to_base64url};
use keystead_protocol::tlog::{Covers, IssueEntry};
use keystead_storage::Tx;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::catalog::immutable_cache::Terms;
use crate::context::Shared;
use crate::error::AppError;

/// The inputs of a certificate.
pub struct Subject<'a> {
    /// The activation.
    pub activation: Activation,
    /// The activation's license.
    pub license: &'a License,
    /// The product, edition and policy of the license.
    pub terms: &'a Terms,
    /// The key that signed the request.
    pub device_key: DevicePublicKey,
    /// The certificate's new id. It is time-ordered, so that the index of the issue log grows at its end.
    pub token_id: [u8; 16],
    /// Why the certificate is issued, for the issue log.
    pub reason: &'static str,
}

/// An issued certificate that is not signed yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Issued {
    /// The activation's id.
    pub activation: ActivationId,
    license: LicenseId,
    device: DeviceId,
    state: State,
    issued_at: Millis,
    /// The claims, base64url.
    claims: String,
    /// The ratchet value, 16 bytes, base64url.
    ratchet: String,
}

impl Issued {
    /// Signs the claims with the newest key that was valid when they were issued. Signing again gives a
    /// certificate with the same id and claims, even after a rotation of the issuing key.
    ///
    /// # Errors
    /// [`Code::SigningPaused`](keystead_protocol::Code::SigningPaused)
    pub fn sign(self, app: &Shared) -> Result<Activated, AppError> {
        let signer = app.keys.signer_of(self.issued_at)?;
        let damaged = || AppError::internal("the stored claims are not base64url");
        let claims = from_base64url(&self.claims).ok_or_else(damaged)?;
        Ok(Activated {
            activation: self.activation,
            license: self.license,
            device: self.device,
            state: self.state,
            token: to_base64url(&seal(Purpose::License, &signer.key, claims)),
            keys: signer.keys.clone(),
            ratchet: self.ratchet,
            offline_secret: Some(to_base64url(app.keys.offline_secret(self.activation).as_bytes())),
        })
    }
}

/// Records the claims of a certificate in the issue log. Refuses if signing is not possible now.
///
/// # Errors
/// [`Code::SigningPaused`](keystead_protocol::Code::SigningPaused)
pub fn issue(tx: &mut Tx<'_>, app: &Shared, subject: Subject<'_>, now: Millis) -> Result<Issued, AppError> {
    app.keys.signer(now)?;
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
    let (claims, ratchet) = (to_base64url(&claims), to_base64url(&ratchet));
    Ok(Issued { activation: id, license, device, state, issued_at: now, claims, ratchet })
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
