//! Assigns a device to an activation that moves to a machine with another device key.

use keystead_domain::{Millis, Refusal};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::DeviceId;
use keystead_storage::{ActivationDetails, Device, Tx};

use crate::error::AppError;
use crate::licensing::find_license::missing;

/// Moves the activation to the device key `key` and returns the device with this key. If no device has the
/// key, the current device gets it and keeps its id and name. A device with other live activations stays
/// unchanged, because they may belong to other owners. Then a copy with the id `fresh` gets the key.
pub fn assign(
    tx: &mut Tx<'_>,
    details: &ActivationDetails,
    key: DevicePublicKey,
    fresh: DeviceId,
    now: Millis,
) -> Result<DeviceId, AppError> {
    let current = details.activation.device;
    if details.device_key == key {
        tx.device_touch(current, now)?;
        return Ok(current);
    }
    if let Some(known) = tx.device_by_key(key)? {
        if tx.activation_of_device(details.license.id, known.id)?.is_some() {
            return Err(Refusal::RebindNotNeeded.into());
        }
        tx.device_touch(known.id, now)?;
        return Ok(known.id);
    }
    if tx.activation_count_others(current, details.activation.id)? == 0 {
        tx.device_set_key(current, key, now)?;
        return Ok(current);
    }
    let device = tx.device_by_id(current)?.ok_or_else(|| missing("device"))?;
    tx.device_insert(&Device { id: fresh, public_key: key, created_at: now, last_seen_at: now, ..device })?;
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;
    use keystead_protocol::api::{Activated, RebindRequest};

    use crate::error::AppError;
    use crate::idempotency::StoredResponse;
    use crate::licensing::rebind_device::rebind_device;
    use crate::testing::{Customer, Device, World, on_both, refusal, value};

    async fn moved(
        world: &World,
        owner: &Customer,
        activated: &Activated,
        to: &Device,
    ) -> Result<StoredResponse<Activated>, AppError> {
        let asked = RebindRequest { device: to.description(), confirm: "this_is_that_device".to_owned() };
        let (id, principal) = (activated.activation, owner.principal());
        rebind_device(&world.app, &principal, id, asked, &world.signed(to)).await
    }

    #[test]
    fn device_keeps_its_id_and_name_when_its_key_changes() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let activated = world.linked(&Device::new(1), &key, &owner).await;
            let after = value(moved(&world, &owner, &activated, &Device::new(2)).await);
            assert_eq!(after.device, activated.device);
            let details = world.activation(activated.activation).await;
            assert_eq!(details.device_key, Device::new(2).public_key());
        });
    }

    #[test]
    fn machine_becomes_a_new_device_if_another_license_lives_on_the_old_one() {
        on_both(async |world| {
            let owner = world.customer().await;
            let (first, second) = (world.key().await, world.key().await);
            let device = Device::new(1);
            let moving = world.linked(&device, &first, &owner).await;
            let staying = world.activated(&device, &second).await;
            assert_eq!(moving.device, staying.device);
            let after = value(moved(&world, &owner, &moving, &Device::new(2)).await);
            assert_ne!(after.device, staying.device);
            let details = world.activation(staying.activation).await;
            assert_eq!(details.device_key, device.public_key());
        });
    }

    #[test]
    fn machine_with_a_seat_on_the_license_needs_no_move() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key_with(|rules| rules.seats = 2).await);
            let activated = world.linked(&Device::new(1), &key, &owner).await;
            let other = Device::new(2);
            let asked = other.without_product_key();
            let (principal, request) = (owner.principal(), world.signed(&other));
            let activate = crate::licensing::activate_device::activate_device;
            value(activate(&world.app, &principal, asked, &request).await);
            let refused = moved(&world, &owner, &activated, &other).await;
            assert_eq!(refusal(refused), Code::RebindNotNeeded);
        });
    }
}
