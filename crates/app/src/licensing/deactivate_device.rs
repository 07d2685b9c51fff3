//! "Remove": the owner deactivates one of the account's devices from afar.

use keystead_domain::budget::TRANSFERS;
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::{DeviceId, OutboxId};
use keystead_storage::{ActivationDetails, Error};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::budget::{self, Spending};
use crate::licensing::release_activation;
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Activations of one device that are looked at.
pub const MOST: u32 = 200;

/// Frees every seat that the device has on licenses of `owner`, whichever other device keys of its machine live there.
pub async fn deactivate_device(
    app: &Shared,
    principal: &Principal,
    device: DeviceId,
    request: &SignedRequest,
) -> Result<StoredResponse<Deactivated>, AppError> {
    let session = principal.require_account(LICENSES)?;
    let owner = session.account;
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    IdempotentRequest::new(request, session, None)
        .run(app, move |tx| {
            let owned = tx.activations_of_device(device, owner, MOST)?;
            if owned.is_empty() {
                return Err(Code::NotFound.into());
            }
            let (mut seats_freed, mut stops_by) = (0, now);
            for live in owned.iter().filter(|activation| activation.standing.is_live()) {
                // An activation ends once: its id is as good as a fresh one.
                budget::spend(tx, live.license.id, Spending::Transfer, *live.id.as_bytes(), now)?;
                for ActivationDetails { activation, .. } in tx.live_on_seat(live.seat)? {
                    seats_freed += release_activation::release(tx, &activation, now)?;
                    stops_by = stops_by.max(activation.serves_until);
                }
            }
            if seats_freed > 0 {
                Event {
                    id: message,
                    at: now,
                    actor: &format!("account:{owner}"),
                    action: "device.deactivate",
                }
                .record(tx, device, seats_freed);
            }
            Ok(Outcome::Done(Deactivated { seats_freed, stops_by }))
        })
        .await
}

/// What the removal of a device would mean.
pub struct Removal {
    /// How often seats of the licenses that the device uses may still be freed from afar; the least of them.
    pub left: u32,
    /// Other device keys of its machine that share its seats and are removed with it.
    pub others: usize,
}

/// Looks what the removal of a device would mean.
pub async fn preview(app: &Shared, principal: &Principal, device: DeviceId) -> Result<Removal, AppError> {
    let owner = principal.require_account(LICENSES)?.account;
    let now = app.now();
    let found: Result<Removal, Error> = app
        .store
        .read(move |reader| {
            let mut removal = Removal { left: TRANSFERS.allowed, others: 0 };
            for activation in reader.activations_of_device(device, owner, MOST)? {
                if activation.standing.is_live() {
                    let left = budget::left(reader, activation.license.id, Spending::Transfer, now)?;
                    removal.left = removal.left.min(left);
                    removal.others += reader.live_on_seat(activation.seat)?.len().saturating_sub(1);
                }
            }
            Ok(removal)
        })
        .await;
    Ok(found?)
}
