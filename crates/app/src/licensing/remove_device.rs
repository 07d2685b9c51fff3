//! Removes a device: the owner deactivates one of the account's devices remotely.

use keystead_domain::budget::REMOVALS;
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::{DeviceId, OutboxId};
use keystead_storage::{ActivationDetails, Error};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::budget_ledger::{self, Spending};
use crate::licensing::release_activation;
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Maximum number of activations processed per device.
pub const MOST: u32 = 200;

/// Releases every seat that the device uses on licenses of `owner`. Other live device keys on these seats are
/// released too.
pub async fn remove_device(
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
                // An activation ends only once, so its id is a unique id for the budget use.
                budget_ledger::spend(tx, live.license.id, Spending::Removal, *live.id.as_bytes(), now)?;
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
    /// Number of other device keys on the same seats. They are removed too.
    pub others: usize,
}

/// Computes the effects of removing a device.
pub async fn preview(app: &Shared, principal: &Principal, device: DeviceId) -> Result<Removal, AppError> {
    let owner = principal.require_account(LICENSES)?.account;
    let now = app.now();
    let found: Result<Removal, Error> = app
        .store
        .read(move |connection| {
            let mut removal = Removal { left: REMOVALS.allowed, others: 0 };
            for activation in connection.activations_of_device(device, owner, MOST)? {
                if activation.status.is_live() {
                    let left =
                        budget_ledger::left(connection, activation.license.id, Spending::Removal, now)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::Permission;
    use crate::testing::{Device, on_both, refusal, value};

    #[test]
    fn owner_removes_a_device_that_may_run_on_until_its_lease_ends() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let activated = world.linked(&Device::new(1), &key, &owner).await;
            let (principal, device) = (owner.principal(), activated.device);
            let serves_until = world.activation(activated.activation).await.activation.serves_until;
            let removed = value(remove_device(&world.app, &principal, device, &world.request()).await);
            assert_eq!((removed.seats_freed, removed.stops_by), (1, serves_until));
            let audit = world.audit(device).await;
            let event = audit.first().unwrap();
            assert_eq!((audit.len(), event.action.as_str()), (1, "device.deactivate"));
            assert_eq!(event.actor, format!("account:{}", owner.id()));
        });
    }

    #[test]
    fn other_keys_of_the_machine_are_removed_with_it() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let (device, principal) = (Device::new(1), owner.principal());
            world.activated(&device.with_key_of(2), &key).await;
            let activated = world.linked(&device, &key, &owner).await;
            let removal = preview(&world.app, &principal, activated.device).await.unwrap();
            assert_eq!((removal.left, removal.others), (REMOVALS.allowed, 1));
            let request = world.request();
            let removed = value(remove_device(&world.app, &principal, activated.device, &request).await);
            assert_eq!(removed.seats_freed, 1);
            assert_eq!(world.license(activated.license).await.seats_used, 0);
        });
    }

    #[test]
    fn repeated_removal_counts_once_and_a_second_one_frees_nothing() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = world.linked(&Device::new(1), &key, &owner).await.device;
            let (principal, request) = (owner.principal(), world.request());
            let remove = async |request| {
                value(remove_device(&world.app, &principal, device, request).await).seats_freed
            };
            assert_eq!((remove(&request).await, remove(&request).await), (1, 1));
            assert_eq!(remove(&world.request()).await, 0);
            assert_eq!(world.actions(device).await, ["device.deactivate"]);
        });
    }

    #[test]
    fn device_of_another_account_is_not_found() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let key = world.key().await;
            let device = world.linked(&Device::new(1), &key, &owner).await.device;
            let vendor = world.vendor(&[Permission::Support]).await;
            let remove = async |principal: &Principal| {
                refusal(remove_device(&world.app, principal, device, &world.request()).await)
            };
            assert_eq!(remove(&stranger.principal()).await, Code::NotFound);
            assert_eq!(remove(&vendor).await, Code::PermissionMissing);
            assert_eq!(remove(&Principal::Anonymous).await, Code::SignInRequired);
        });
    }

    #[test]
    fn removals_are_limited_and_a_refused_one_keeps_the_seat() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let (device, principal) = (Device::new(1), owner.principal());
            let activated = world.linked(&device, &key, &owner).await;
            for left in (0..=REMOVALS.allowed).rev() {
                let id = activated.device;
                assert_eq!(preview(&world.app, &principal, id).await.unwrap().left, left);
                let removed = remove_device(&world.app, &principal, id, &world.request()).await;
                if left == 0 {
                    assert_eq!(refusal(removed), Code::RebindBudgetExhausted);
                    break;
                }
                value(removed);
                let asked = device.without_product_key();
                let activate = crate::licensing::activate_device::activate_device;
                value(activate(&world.app, &principal, asked, &world.signed(&device)).await);
            }
            assert_eq!(world.license(activated.license).await.seats_used, 1);
        });
    }

    #[test]
    fn sign_in_that_ended_meanwhile_removes_nothing() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let activated = world.linked(&Device::new(1), &key, &owner).await;
            world.sign_out(&owner).await;
            let principal = owner.principal();
            let refused = remove_device(&world.app, &principal, activated.device, &world.request()).await;
            assert_eq!(refusal(refused), Code::TokenExpired);
            assert_eq!(world.license(activated.license).await.seats_used, 1);
        });
    }
}
