//! Shows one of the account's devices.

use keystead_protocol::Code;
use keystead_protocol::api::DeviceView;
use keystead_protocol::id::DeviceId;
use keystead_storage::Error;

use crate::audit::history::{self, Happening, MAX_SHOWN_EVENTS};
use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::device_view::device_view;
use crate::licensing::remove_device::MOST;
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;

/// One of the account's devices and its history.
pub async fn show_device(
    app: &Shared,
    principal: &Principal,
    id: DeviceId,
) -> Result<(DeviceView, Vec<Happening>), AppError> {
    let owner = principal.require_account(LICENSES)?.account;
    let (shared, now) = (app.clone(), app.now());
    let found: Result<_, Error> = app
        .store
        .read(move |connection| {
            let Some(device) = connection.device_by_id(id)? else { return Ok(None) };
            let activations = connection.activations_of_device(id, owner, MOST)?;
            let history = history::of_device(connection, owner, id, &activations, MAX_SHOWN_EVENTS)?;
            let view = device_view(connection, &shared.catalog, device, activations, now)?;
            Ok(Some((view, history::shown(history, owner))))
        })
        .await;
    let found = found?.filter(|(view, _)| !view.activations.is_empty());
    found.ok_or_else(|| Code::NotFound.into())
}

#[cfg(test)]
mod tests {
    use keystead_domain::DAY;
    use keystead_protocol::api::RenameRequest;

    use super::*;
    use crate::licensing::rename_device::rename_device;
    use crate::testing::{Device, on_both, refusal, value};

    #[test]
    fn owner_sees_the_device_and_what_happened_since_it_was_linked() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = Device::new(1);
            let activated = world.activated(&device, &key).await;
            let (id, principal) = (activated.device, owner.principal());
            world.pass(DAY).await;
            world.link(&device, &activated, &owner).await;
            let named = RenameRequest { name: "Studio left".to_owned() };
            value(rename_device(&world.app, &principal, id, &named, &world.request()).await);
            let (view, history) = show_device(&world.app, &principal, id).await.unwrap();
            assert_eq!((view.id, view.name.as_str(), view.activations.len()), (id, "Studio left", 1));
            let history: Vec<_> = history.iter().map(|event| (event.action.as_str(), event.own)).collect();
            assert_eq!(history, [("device.rename", true)], "nothing from before the link");
        });
    }

    #[test]
    fn device_of_another_account_is_not_found() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let key = world.key().await;
            let id = world.linked(&Device::new(1), &key, &owner).await.device;
            let show = async |principal: &Principal| refusal(show_device(&world.app, principal, id).await);
            assert_eq!(show(&stranger.principal()).await, Code::NotFound);
            assert_eq!(show(&owner.through_application("profile")).await, Code::PermissionMissing);
            assert_eq!(show(&Principal::Anonymous).await, Code::SignInRequired);
        });
    }
}
