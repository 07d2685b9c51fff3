//! "Refresh": a fresh certificate for a device that is still the same.

use keystead_domain::activation::{Activation, Fork, Presented, Refresh};
use keystead_domain::ratchet::Shown;
use keystead_domain::{Millis, Refusal};
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OwnerNeeded, RefreshRequest};
use keystead_protocol::id::{ActivationId, OutboxId};
use keystead_protocol::state::State;
use keystead_protocol::text::array_from_base64url;
use keystead_storage::{ActivationDetails, Tx};
use serde::{Deserialize, Serialize};

use crate::audit::Event;
use crate::context::Shared;
use crate::credential::Credential;
use crate::entropy;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::certificate::{self, Issued, Subject};
use crate::request::SignedRequest;

/// What a refresh gives.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// A fresh certificate.
    Renewed(Activated),
    /// The owner is asked first.
    OwnerNeeded(OwnerNeeded),
}

/// The verdict of a refresh, before the certificate is signed.
#[derive(Serialize, Deserialize)]
enum Verdict {
    Renewed(Issued),
    OwnerNeeded(OwnerNeeded),
}

impl Verdict {
    fn sign(self, app: &Shared) -> Result<Answer, AppError> {
        Ok(match self {
            Verdict::Renewed(issued) => Answer::Renewed(issued.sign(app)?),
            Verdict::OwnerNeeded(needed) => Answer::OwnerNeeded(needed),
        })
    }
}

fn shown(asked: &RefreshRequest) -> Result<Shown, AppError> {
    let bytes = |field, text: &str| {
        array_from_base64url(text).ok_or_else(|| AppError::value(field, "expected 16 bytes as base64url"))
    };
    Ok(Shown { r: bytes("ratchet.r", &asked.ratchet.r)?, x: bytes("ratchet.x", &asked.ratchet.x)? })
}

/// Renews the certificate of an activation, or tells the device what changed.
pub async fn refresh_certificate(
    app: &Shared,
    id: ActivationId,
    asked: RefreshRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<Answer>, AppError> {
    let shown = shown(&asked)?;
    // The signature is checked before the transaction, to keep the writer free, against the key read here.
    let public_key = app
        .store
        .read(move |connection| connection.device_key_of_activation(id))
        .await?
        .ok_or(AppError::from(Code::NotFound))?;
    let proven = request.verify(app, public_key)?;
    let once = IdempotentRequest::new(request, Credential::activation(id), Some(proven.nonce));
    let (shared, now) = (app.clone(), app.now());
    let (token_id, message) = (entropy::bytes(), app.new_id::<OutboxId>());
    let verdict = once.run(app, move |tx| {
        let details = tx.activation_by_id(id)?.ok_or(AppError::from(Code::NotFound))?;
        if details.device_key != public_key {
            return Err(Refusal::DifferentDevice.into());
        }
        let presented = Presented { shown, fingerprint: &asked.fingerprint, key: proven.key.proof() };
        let ActivationDetails { activation, license, .. } = details;
        let terms = shared.catalog.terms(tx, &license)?;
        let rules = &terms.policy.rules;
        let verdict = activation.refresh(&license, rules, presented, &shared.keys.ratchet(), now)?;
        let record = Record { message, now };
        match verdict {
            Refresh::Renewed { activation, forked } => {
                if forked {
                    record.event(tx, &activation, "activation.fork", "an older copy was shown");
                }
                tx.activation_update(&activation)?;
                let device_key = proven.key;
                let (license, terms, reason) = (&license, &terms, "refresh");
                let subject = Subject { activation, license, terms, device_key, token_id, reason };
                let renewed = certificate::issue(tx, &shared, subject, now)?;
                Ok(Outcome::Done(Verdict::Renewed(renewed)))
            }
            Refresh::HardwareChanged { activation, comparison, grace_until } => {
                tx.activation_update(&activation)?;
                record.event(tx, &activation, "activation.hardware_changed", comparison.explain());
                Ok(Outcome::Pending(Verdict::OwnerNeeded(OwnerNeeded {
                    state: State::HardwareChanged,
                    comparison: Some(comparison),
                    grace_until: Some(grace_until),
                })))
            }
            Refresh::Forked { activation, fork } => {
                tx.activation_update(&activation)?;
                let (action, detail) = describe(fork);
                record.event(tx, &activation, action, detail);
                let needed = OwnerNeeded { state: State::Forked, comparison: None, grace_until: None };
                Ok(Outcome::Pending(Verdict::OwnerNeeded(needed)))
            }
        }
    });
    verdict.await?.try_map(|verdict: Verdict| verdict.sign(app))
}

const fn describe(fork: Fork) -> (&'static str, &'static str) {
    match fork {
        Fork::TwoCopies => ("activation.clone_confirmed", "two copies are in use"),
        Fork::TooOften => ("activation.forked_too_often", "older copies were shown too often"),
    }
}

/// Records what a refresh found.
#[derive(Clone, Copy)]
struct Record {
    message: OutboxId,
    now: Millis,
}

impl Record {
    fn event(self, tx: &mut Tx<'_>, activation: &Activation, action: &'static str, detail: impl ToString) {
        let actor = format!("device:{}", activation.device);
        Event { id: self.message, at: self.now, actor: &actor, action }.record(tx, activation.id, detail);
    }
}
