//! Renames a device.

use keystead_domain::account::check_name;
use keystead_protocol::Code;
use keystead_protocol::api::{DeviceView, RenameRequest};
use keystead_protocol::id::{DeviceId, OutboxId};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::device_view::device_view;
use crate::licensing::remove_device;
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Renames one of the account's devices.
pub async fn rename_device(
    app: &Shared,
    principal: &Principal,
    device: DeviceId,
    asked: &RenameRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<DeviceView>, AppError> {
    let session = principal.require_account(LICENSES)?;
    let owner = session.account;
    let name = check_name(&asked.name).map_err(|error| AppError::value("name", error))?;
    let (shared, now, message) = (app.clone(), app.now(), app.new_id::<OutboxId>());
    IdempotentRequest::new(request, session, None)
        .run(app, move |tx| {
            let activations = tx.activations_of_device(device, owner, remove_device::MOST)?;
            if !activations.iter().any(|activation| activation.status.is_live()) {
                return Err(Code::NotFound.into());
            }
            tx.device_rename(device, &name)?;
            Event { id: message, at: now, actor: &format!("account:{owner}"), action: "device.rename" }
                .record(tx, device, "");
            let row = tx.device_by_id(device)?.ok_or(AppError::from(Code::NotFound))?;
            Ok(Outcome::Done(device_view(tx, &shared.catalog, row, activations, now)?))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licensing::remove_device::remove_device;
    use crate::testing::{Customer, Device, World, on_both, refusal, value};

    async fn renamed(
        world: &World,
        customer: &Customer,
        device: DeviceId,
        name: &str,
    ) -> Result<StoredResponse<DeviceView>, AppError> {
        let asked = RenameRequest { name: name.to_owned() };
        rename_device(&world.app, &customer.principal(), device, &asked, &world.request()).await
    }

    #[test]
    fn owner_renames_a_device() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = world.linked(&Device::new(1), &key, &owner).await.device;
            let view = value(renamed(&world, &owner, device, "  Studio left ").await);
            assert_eq!((view.id, view.name.as_str()), (device, "Studio left"));
            let audit = world.audit(device).await;
            let event = audit.first().unwrap();
            assert_eq!((event.action.as_str(), event.detail.as_str()), ("device.rename", ""));
        });
    }

    #[test]
    fn name_that_is_not_allowed_is_refused() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = world.linked(&Device::new(1), &key, &owner).await.device;
            for name in ["", "two\nlines"] {
                assert_eq!(refusal(renamed(&world, &owner, device, name).await), Code::ValueNotAllowed);
            }
            assert_eq!(world.actions(device).await, [""; 0]);
        });
    }

    #[test]
    fn device_of_another_account_or_without_a_seat_is_not_found() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let key = world.key().await;
            let device = world.linked(&Device::new(1), &key, &owner).await.device;
            assert_eq!(refusal(renamed(&world, &stranger, device, "Mine").await), Code::NotFound);
            let (principal, request) = (owner.principal(), world.request());
            value(remove_device(&world.app, &principal, device, &request).await);
            assert_eq!(refusal(renamed(&world, &owner, device, "Gone").await), Code::NotFound);
        });
    }
}
