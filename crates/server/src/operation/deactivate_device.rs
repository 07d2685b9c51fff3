//! "Remove": the owner deactivates one of the account's devices from afar.

use axum::http::StatusCode;
use axum::response::Response;
use keystead_domain::budget::TRANSFERS;
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::{AccountId, DeviceId, OutboxId};

use super::{rebind_device, release_activation, tell};
use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::RawRequest;
use crate::once::{IdempotencyKey, Once};

/// Activations of one device that are looked at.
pub const MOST: u32 = 200;

/// Frees every seat that the device has on licenses of `owner`.
pub async fn deactivate_device(
    app: &Shared,
    owner: AccountId,
    device: DeviceId,
    once: &IdempotencyKey,
    request: &RawRequest,
) -> Result<Response, ApiError> {
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    Once::new(once, &format!("account:{owner}"), request, None)
        .run(app, move |tx| {
            let mut owned = tx.activations_of_device(device, MOST)?;
            owned.retain(|details| details.license.require_owner(owner).is_ok());
            if owned.is_empty() {
                return Err(Code::NotFound.into());
            }
            let (mut seats_freed, mut stops_by) = (0, now);
            for details in owned.iter().filter(|details| details.activation.standing.is_live()) {
                release_activation::release(tx, &details.activation, now)?;
                let use_id = *details.activation.id.as_bytes();
                rebind_device::spend(tx, details.license.id, "transfer", TRANSFERS, use_id, now)?;
                seats_freed += 1;
                stops_by = stops_by.max(details.activation.lease_until);
            }
            if seats_freed > 0 {
                tell(tx, message, now, &format!("account:{owner}"), "device.deactivate", device, seats_freed);
            }
            Ok((StatusCode::OK, Deactivated { seats_freed, stops_by }))
        })
        .await
}
