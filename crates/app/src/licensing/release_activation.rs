//! Deactivates a device: the device releases its seat.

use keystead_domain::activation::Activation;
use keystead_domain::{Millis, Refusal};
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::{ActivationId, OutboxId};
use keystead_storage::Tx;

use crate::audit::Event;
use crate::context::Shared;
use crate::credential::Credential;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::budget_ledger;
use crate::request::SignedRequest;

/// Ends an activation. Frees its seat if no other live activation uses it. Returns the number of freed seats.
pub fn release(tx: &mut Tx<'_>, activation: &Activation, now: Millis) -> Result<u32, AppError> {
    tx.activation_set_status(activation.id, activation.status.release(now)?)?;
    if !tx.activations_of_seat(activation.seat)?.is_empty() {
        return Ok(0);
    }
    tx.license_free_seat(activation.license)?;
    Ok(1)
}

/// Releases the activation whose device signed `request`.
pub async fn release_activation(
    app: &Shared,
    id: ActivationId,
    request: &SignedRequest,
) -> Result<StoredResponse<Deactivated>, AppError> {
    let key = app
        .store
        .read(move |connection| connection.device_key_of_activation(id))
        .await?
        .ok_or(AppError::from(Code::NotFound))?;
    let nonce = request.verify(app, key)?.nonce;
    let (shared, now, message, use_id) = (app.clone(), app.now(), app.new_id::<OutboxId>(), app.new_id());
    IdempotentRequest::new(request, Credential::activation(id), Some(nonce))
        .run(app, move |tx| {
            let details = tx.activation_by_id(id)?.ok_or(AppError::from(Code::NotFound))?;
            if details.device_key != key {
                return Err(Refusal::DifferentDevice.into());
            }
            budget_ledger::release(tx, &shared, &details, use_id, now)?;
            let seats_freed = release(tx, &details.activation, now)?;
            let actor = format!("device:{}", details.activation.device);
            Event { id: message, at: now, actor: &actor, action: "activation.release" }.record(
                tx,
                id,
                details.license.id,
            );
            Ok(Outcome::Done(Deactivated { seats_freed, stops_by: now }))
        })
        .await
}

#[cfg(test)]
mod tests {
    use keystead_domain::budget::RELEASES;

    use super::*;
    use crate::testing::{Device, World, on_both, refusal, value};

    async fn released(
        world: &World,
        id: ActivationId,
        device: &Device,
    ) -> Result<StoredResponse<Deactivated>, AppError> {
        release_activation(&world.app, id, &world.signed(device)).await
    }

    #[test]
    fn device_frees_its_seat_for_another_one() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let activated = world.activated(&device, &key).await;
            let freed = value(released(&world, activated.activation, &device).await);
            assert_eq!((freed.seats_freed, freed.stops_by), (1, world.now()));
            let audit = world.audit(activated.activation).await;
            let event = audit.last().unwrap();
            assert_eq!(event.action, "activation.release");
            assert_eq!(event.actor, format!("device:{}", activated.device));
            world.activated(&Device::new(2), &key).await;
        });
    }

    #[test]
    fn repeated_request_frees_one_seat_and_a_new_one_is_refused() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key_with(|rules| rules.seats = 2).await);
            let activated = world.activated(&device, &key).await;
            world.activated(&Device::new(2), &key).await;
            let (id, request) = (activated.activation, world.signed(&device));
            for _ in 0..2 {
                assert_eq!(value(release_activation(&world.app, id, &request).await).seats_freed, 1);
            }
            assert_eq!(refusal(released(&world, id, &device).await), Code::ActivationReleased);
            assert_eq!(world.license(activated.license).await.seats_used, 1);
        });
    }

    #[test]
    fn seat_is_free_once_the_last_key_of_the_machine_has_left() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let other = device.with_key_of(2);
            let first = world.activated(&device, &key).await;
            let second = world.activated(&other, &key).await;
            assert_eq!(value(released(&world, first.activation, &device).await).seats_freed, 0);
            assert_eq!(world.license(first.license).await.seats_used, 1);
            assert_eq!(value(released(&world, second.activation, &other).await).seats_freed, 1);
        });
    }

    #[test]
    fn only_the_device_itself_releases() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let id = world.activated(&device, &key).await.activation;
            assert_eq!(refusal(released(&world, id, &Device::new(2)).await), Code::DifferentDevice);
            let unsigned = release_activation(&world.app, id, &world.request()).await;
            assert_eq!(refusal(unsigned), Code::ProofMissing);
            let unknown = world.app.new_id();
            assert_eq!(refusal(released(&world, unknown, &device).await), Code::NotFound);
        });
    }

    #[test]
    fn releases_are_limited_and_a_container_has_more() {
        on_both(async |world| {
            let key = world.key().await;
            for (device, least) in [(Device::container(1), RELEASES.allowed + 1), (Device::new(2), 10)] {
                for _ in 0..least {
                    let id = world.activated(&device, &key).await.activation;
                    value(released(&world, id, &device).await);
                }
            }
            let device = Device::new(2);
            let id = world.activated(&device, &key).await.activation;
            assert_eq!(refusal(released(&world, id, &device).await), Code::RebindBudgetExhausted);
        });
    }
}
