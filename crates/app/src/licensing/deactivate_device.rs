//! "Remove device": the owner deactivates one of the account's devices remotely.

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

/// Maximum number of activations processed per device.
pub const MOST: u32 = 200;

/// Releases every seat that the device uses on licenses of `owner`, including other live device keys of its machine
/// on those seats.
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
            for live in owned.iter().filter(|activation| activation.status.is_live()) {
                // An activation ends only once, so its id can serve as the unique id of the budget use.
                budget::spend(tx, live.license.id, Spending::Transfer, *live.id.as_bytes(), now)?;
                for ActivationDetails { activation, .. } in tx.activations_of_seat(live.seat)? {
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

/// The effects of removing a device.
pub struct Removal {
    /// Remaining remote removals: the minimum over the licenses that the device uses.
    pub left: u32,
    /// Number of other device keys of the machine that share its seats and are removed too.
    pub others: usize,
}

/// Computes the effects of removing a device.
pub async fn preview(app: &Shared, principal: &Principal, device: DeviceId) -> Result<Removal, AppError> {
    let owner = principal.require_account(LICENSES)?.account;
    let now = app.now();
    let found: Result<Removal, Error> = app
        .store
        .read(move |connection| {
            let mut removal = Removal { left: TRANSFERS.allowed, others: 0 };
            for activation in connection.activations_of_device(device, owner, MOST)? {
                if activation.status.is_live() {
                    let left = budget::left(connection, activation.license.id, Spending::Transfer, now)?;
                    removal.left = removal.left.min(left);
                    removal.others +=
                        connection.activations_of_seat(activation.seat)?.len().saturating_sub(1);
                }
            }
            Ok(removal)
        })
        .await;
    Ok(found?)
}
