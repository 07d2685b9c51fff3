//! Assigns a device to an activation that moved to a machine with another key.

use keystead_domain::{Millis, Refusal};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::DeviceId;
use keystead_storage::{ActivationDetails, Device, Tx};

use crate::error::AppError;
use crate::licensing::find_license::missing;

/// Moves the activation to the machine with `key` and returns its device. The device keeps its id and name and gets
/// the new key. If other activations live on the device, which other owners may hold, it stays unchanged, and the
/// machine becomes a new device with the id `fresh`.
pub fn settle(
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
