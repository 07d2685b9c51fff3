//! Refreshes a certificate: issues a new one to a device whose hardware still matches.

use keystead_domain::activation::{Activation, Fork, Presented, Refresh};
use keystead_domain::license::License;
use keystead_domain::ratchet::Shown;
use keystead_domain::{Millis, Refusal};
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OwnerNeeded, RefreshRequest};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::{ActivationId, OutboxId};
use keystead_protocol::state::State;
use keystead_protocol::text::array_from_base64url;
use keystead_storage::{ActivationDetails, Tx};
use serde::{Deserialize, Serialize};

use crate::audit::Event;
use crate::catalog::immutable_cache::Terms;
use crate::context::Shared;
use crate::credential::Credential;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::certificate::{self, Issued, Subject};
use crate::request::SignedRequest;

/// The response to a refresh.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// A new certificate.
    Renewed(Activated),
    /// The owner must decide first.
    OwnerNeeded(OwnerNeeded),
}

/// The result of a refresh, before the certificate is signed.
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

/// Issues a new certificate, or tells the device what changed and that the owner must decide.
pub async fn refresh_certificate(
    app: &Shared,
    id: ActivationId,
    asked: RefreshRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<Answer>, AppError> {
    let shown = shown(&asked)?;
    // The proof is verified before the transaction, so the writer does not wait for it. The transaction
    // checks that the device key is unchanged.
    let public_key = app
        .store
        .read(move |connection| connection.device_key_of_activation(id))
        .await?
        .ok_or(AppError::from(Code::NotFound))?;
    let proven = request.verify(app, public_key)?;
    let once = IdempotentRequest::new(request, Credential::activation(id), Some(proven.nonce));
    let change = Change {
        app: app.clone(),
        now: app.now(),
        device_key: proven.key,
        token_id: app.new_id(),
        message: app.new_id(),
    };
    let verdict = once.run(app, move |tx| {
        let details = tx.activation_by_id(id)?.ok_or(AppError::from(Code::NotFound))?;
        if details.device_key != public_key {
            return Err(Refusal::DifferentDevice.into());
        }
        let presented = Presented { shown, fingerprint: &asked.fingerprint, key: change.device_key.proof() };
        let ActivationDetails { activation, license, .. } = details;
        let terms = change.app.catalog.terms(tx, &license)?;
        let ratchet = change.app.keys.ratchet();
        let refresh = activation.refresh(&license, &terms.policy.rules, presented, &ratchet, change.now)?;
        change.record(tx, refresh, &license, &terms)
    });
    verdict.await?.try_map(|verdict: Verdict| verdict.sign(app))
}

/// What the records of one refresh share.
struct Change {
    app: Shared,
    now: Millis,
    device_key: DevicePublicKey,
    token_id: [u8; 16],
    message: OutboxId,
}

impl Change {
    fn record(
        &self,
        tx: &mut Tx<'_>,
        refresh: Refresh,
        license: &License,
        terms: &Terms,
    ) -> Result<Outcome<Verdict>, AppError> {
        match refresh {
            Refresh::Renewed { activation, forked } => {
                if forked {
                    self.event(tx, &activation, "activation.fork", "an older copy was shown");
                }
                tx.activation_update(&activation)?;
                let (device_key, token_id, reason) = (self.device_key, self.token_id, "refresh");
                let subject = Subject { activation, license, terms, device_key, token_id, reason };
                let renewed = certificate::issue(tx, &self.app, subject, self.now)?;
                Ok(Outcome::Done(Verdict::Renewed(renewed)))
            }
            Refresh::HardwareChanged { activation, comparison, grace_until } => {
                tx.activation_update(&activation)?;
                self.event(tx, &activation, "activation.hardware_changed", comparison.explain());
                Ok(Outcome::Pending(Verdict::OwnerNeeded(OwnerNeeded {
                    state: State::HardwareChanged,
                    comparison: Some(comparison),
                    grace_until: Some(grace_until),
                })))
            }
            Refresh::Forked { activation, fork } => {
                tx.activation_update(&activation)?;
                let (action, detail) = describe(fork);
                self.event(tx, &activation, action, detail);
                let needed = OwnerNeeded { state: State::Forked, comparison: None, grace_until: None };
                Ok(Outcome::Pending(Verdict::OwnerNeeded(needed)))
            }
        }
    }

    fn event(&self, tx: &mut Tx<'_>, activation: &Activation, action: &'static str, detail: impl ToString) {
        let actor = format!("device:{}", activation.device);
        Event { id: self.message, at: self.now, actor: &actor, action }.record(tx, activation.id, detail);
    }
}

const fn describe(fork: Fork) -> (&'static str, &'static str) {
    match fork {
        Fork::TwoCopies => ("activation.clone_confirmed", "two copies are in use"),
        Fork::TooOften => ("activation.forked_too_often", "older copies were shown too often"),
    }
}

#[cfg(test)]
mod tests {
    use keystead_domain::DAY;

    use super::*;
    use crate::licensing::change_license_status::Change;
    use crate::licensing::release_activation::release_activation;
    use crate::testing::{Device, World, on_both, refusal, value};

    async fn refresh(
        world: &World,
        device: &Device,
        last: &Activated,
        random: u8,
    ) -> Result<StoredResponse<Answer>, AppError> {
        let asked = device.refresh(&last.ratchet, random);
        refresh_certificate(&world.app, last.activation, asked, &world.signed(device)).await
    }

    async fn refreshed(world: &World, device: &Device, last: &Activated, random: u8) -> Activated {
        let response = refresh(world, device, last, random).await.unwrap();
        assert_eq!(response.outcome, Outcome::Done(()));
        serde_json::from_slice(&response.body).unwrap()
    }

    async fn owner_needed(world: &World, device: &Device, last: &Activated, random: u8) -> OwnerNeeded {
        let response = refresh(world, device, last, random).await.unwrap();
        assert_eq!(response.outcome, Outcome::Pending(()));
        serde_json::from_slice(&response.body).unwrap()
    }

    #[test]
    fn refresh_renews_the_lease_without_an_audit_event() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let first = world.activated(&device, &key).await;
            world.pass(30 * DAY).await;
            let second = refreshed(&world, &device, &first, 1).await;
            assert_ne!(first.ratchet, second.ratchet);
            let activation = world.activation(first.activation).await.activation;
            assert_eq!(activation.refreshed_at, world.now());
            assert_eq!(activation.serves_until, world.now() + 210 * DAY);
            assert_eq!(world.actions(first.activation).await, ["activation.create"]);
        });
    }

    #[test]
    fn lost_response_is_given_again_to_the_same_pair() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let first = world.activated(&device, &key).await;
            let second = refreshed(&world, &device, &first, 1).await;
            world.pass(DAY).await;
            let repeated = refreshed(&world, &device, &first, 1).await;
            assert_eq!(second.ratchet, repeated.ratchet);
            let refreshed_at = world.activation(first.activation).await.activation.refreshed_at;
            assert_eq!(refreshed_at, world.now() - DAY, "the lease is not renewed");
        });
    }

    #[test]
    fn changed_hardware_waits_for_the_owner_and_says_what_changed() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let first = world.activated(&device, &key).await;
            let needed = owner_needed(&world, &device.with_new_board(), &first, 1).await;
            assert_eq!(needed.state, State::HardwareChanged);
            assert_eq!(needed.grace_until, Some(world.now() + 14 * DAY));
            let audit = world.audit(first.activation).await;
            let event = audit.last().unwrap();
            assert_eq!(event.action, "activation.hardware_changed");
            assert!(event.detail.starts_with("TPM, system UUID and motherboard changed"), "{}", event.detail);
            refreshed(&world, &device, &first, 1).await;
        });
    }

    #[test]
    fn two_copies_are_found_out_when_both_refresh() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let first = world.activated(&device, &key).await;
            let original = refreshed(&world, &device, &first, 1).await;
            refreshed(&world, &device, &first, 2).await;
            assert_eq!(owner_needed(&world, &device, &original, 3).await.state, State::Forked);
            assert_eq!(refusal(refresh(&world, &device, &original, 4).await), Code::ForkDetected);
            let actions = world.actions(first.activation).await;
            assert_eq!(actions, ["activation.create", "activation.fork", "activation.clone_confirmed"]);
        });
    }

    #[test]
    fn certificate_is_renewed_for_its_own_device_only() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let first = world.activated(&device, &key).await;
            let other_key = device.with_key_of(2);
            assert_eq!(refusal(refresh(&world, &other_key, &first, 1).await), Code::DifferentDevice);
            let other_machine = Device::new(2).with_key_of(1);
            assert_eq!(refusal(refresh(&world, &other_machine, &first, 1).await), Code::DifferentDevice);
            let unknown = Activated { activation: world.app.new_id(), ..first };
            assert_eq!(refusal(refresh(&world, &device, &unknown, 1).await), Code::NotFound);
        });
    }

    #[test]
    fn license_or_seat_that_ended_gets_no_certificate() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let first = world.activated(&device, &key).await;
            world.change(first.license, Change::Suspend).await;
            assert_eq!(refusal(refresh(&world, &device, &first, 1).await), Code::LicenseSuspended);
            world.change(first.license, Change::Resume).await;
            let id = first.activation;
            value(release_activation(&world.app, id, &world.signed(&device)).await);
            assert_eq!(refusal(refresh(&world, &device, &first, 1).await), Code::ActivationReleased);
        });
    }
}
