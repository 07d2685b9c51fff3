//! Shows one of the account's licenses.

use keystead_protocol::Code;
use keystead_protocol::api::{DeviceView, LicenseView};
use keystead_protocol::id::LicenseId;
use keystead_storage::Error;

use crate::audit::history::{self, Happening, MAX_SHOWN_EVENTS};
use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::device_view::device_view;
use crate::licensing::license_view::license_view;
use crate::licensing::remove_device::MOST;
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;

/// One of the account's licenses, the devices that use it, and its history.
pub async fn show_license(
    app: &Shared,
    principal: &Principal,
    id: LicenseId,
) -> Result<(LicenseView, Vec<DeviceView>, Vec<Happening>), AppError> {
    let owner = principal.require_account(LICENSES)?.account;
    let (shared, now) = (app.clone(), app.now());
    let found: Result<_, Error> = app
        .store
        .read(move |connection| {
            let Some(license) = connection.license_by_id(id)?.filter(|l| l.require_owner(owner).is_ok())
            else {
                return Ok(None);
            };
            let mut devices = Vec::new();
            for live in connection.activations_of_license(id, MOST)? {
                if let Some(device) = connection.device_by_id(live.activation.device)? {
                    let activations = connection.activations_of_device(device.id, owner, MOST)?;
                    devices.push(device_view(connection, &shared.catalog, device, activations, now)?);
                }
            }
            let history = history::of_license(connection, &license, MAX_SHOWN_EVENTS)?;
            let view = license_view(connection, &shared.catalog, license, now)?;
            Ok(Some((view, devices, history::shown(history, owner))))
        })
        .await;
    found?.ok_or_else(|| Code::NotFound.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Device, on_both, refusal};

    #[test]
    fn owner_sees_the_license_with_its_devices_and_history() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key_with(|rules| rules.seats = 2).await);
            let other = world.activated(&Device::new(2), &key).await.device;
            let activated = world.linked(&Device::new(1), &key, &owner).await;
            let shown = show_license(&world.app, &owner.principal(), activated.license).await.unwrap();
            let (license, devices, history) = shown;
            assert_eq!((license.linked, license.seats, license.seats_used), (true, 2, 2));
            let mut devices: Vec<_> = devices.iter().map(|device| device.id).collect();
            devices.sort_unstable();
            assert_eq!(devices, [other, activated.device]);
            let history: Vec<_> = history.iter().map(|event| (event.action.as_str(), event.own)).collect();
            assert_eq!(history, [("license.link", true)]);
        });
    }

    #[test]
    fn license_of_another_account_or_without_an_owner_is_not_found() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let (first, second) = (world.key().await, world.key().await);
            let owned = world.linked(&Device::new(1), &first, &owner).await.license;
            let held = world.activated(&Device::new(2), &second).await.license;
            for (customer, license) in [(&stranger, owned), (&owner, held)] {
                let hidden = show_license(&world.app, &customer.principal(), license).await;
                assert_eq!(refusal(hidden), Code::NotFound);
            }
            let anonymous = show_license(&world.app, &Principal::Anonymous, owned).await;
            assert_eq!(refusal(anonymous), Code::SignInRequired);
        });
    }
}
