//! "Remove": the owner deactivates one of the account's devices from afar.

use axum::http::StatusCode;
use keystead_domain::budget::TRANSFERS;
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::{AccountId, DeviceId, OutboxId};
use keystead_storage::{AccountSession, Error};

use super::{rebind_device, release_activation, tell};
use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::RawRequest;
use crate::once::{Answered, IdempotencyKey, Once};

/// Activations of one device that are looked at.
pub const MOST: u32 = 200;

/// The kind of budget that seats freed from afar are counted in.
pub const TRANSFER: &str = "transfer";

/// Frees every seat that the device has on licenses of `owner`.
pub async fn deactivate_device(
    app: &Shared,
    session: AccountSession,
    device: DeviceId,
    once: &IdempotencyKey,
    request: &RawRequest,
) -> Result<Answered<Deactivated>, ApiError> {
    let owner = session.account;
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    Once::new(once, session, request, None)
        .run(app, move |tx| {
            let owned = tx.activations_of_device(device, owner, MOST)?;
            if owned.is_empty() {
                return Err(Code::NotFound.into());
            }
            let (mut seats_freed, mut stops_by) = (0, now);
            for seat in owned.iter().filter(|activation| activation.standing.is_live()) {
                let use_id = *seat.id.as_bytes();
                rebind_device::spend(tx, seat.license.id, TRANSFER, TRANSFERS, use_id, now)?;
                release_activation::release(tx, seat, now)?;
                seats_freed += 1;
                stops_by = stops_by.max(seat.lease_until);
            }
            if seats_freed > 0 {
                tell(tx, message, now, &format!("account:{owner}"), "device.deactivate", device, seats_freed);
            }
            Ok((StatusCode::OK, Deactivated { seats_freed, stops_by }))
        })
        .await
}

/// How often seats of the licenses that the device uses may still be freed from afar; the least of them.
pub async fn moves_left(app: &Shared, owner: AccountId, device: DeviceId) -> Result<u32, ApiError> {
    let now = app.now();
    let left: Result<u32, Error> = app
        .store
        .read(move |reader| {
            let mut least = TRANSFERS.allowed;
            for activation in reader.activations_of_device(device, owner, MOST)? {
                if activation.standing.is_live() {
                    let since = TRANSFERS.window_start(now);
                    let used = reader.budget_uses(activation.license.id, TRANSFER, since)?;
                    least = least.min(TRANSFERS.left(&used, now));
                }
            }
            Ok(least)
        })
        .await;
    Ok(left?)
}
