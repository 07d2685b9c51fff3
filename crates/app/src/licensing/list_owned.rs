//! Lists an account's licenses and devices together, for its pages.

use keystead_protocol::api::{DeviceView, LicenseView, Page};
use keystead_protocol::id::LicenseId;
use keystead_storage::Error;

use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::list_devices::{Place, devices_of};
use crate::licensing::list_licenses::licenses_of;
use crate::oauth::scope::LICENSES;
use crate::pagination::PageRequest;
use crate::principal::Principal;

/// One page of licenses and one page of devices.
pub struct OwnedItems {
    /// The licenses.
    pub licenses: Page<LicenseView>,
    /// The devices.
    pub devices: Page<DeviceView>,
}

/// Lists the account's licenses and devices. Each list has its own cursor.
pub async fn list_owned(
    app: &Shared,
    principal: &Principal,
    (license, device): (Option<LicenseId>, Option<Place>),
    limit: u32,
) -> Result<OwnedItems, AppError> {
    let owner = principal.require_account(LICENSES)?.account;
    let (licenses, devices) = (PageRequest { after: license, limit }, PageRequest { after: device, limit });
    let (shared, now) = (app.clone(), app.now());
    let found: Result<OwnedItems, Error> = app
        .store
        .read(move |connection| {
            Ok(OwnedItems {
                licenses: licenses_of(connection, &shared.catalog, owner, licenses, now)?,
                devices: devices_of(connection, &shared.catalog, owner, devices, now)?,
            })
        })
        .await;
    Ok(found?)
}

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;

    use super::*;
    use crate::testing::{Device, on_both, refusal};

    #[test]
    fn each_list_goes_on_at_its_own_place() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key_with(|rules| rules.seats = 2).await);
            let second = world.activated(&Device::new(2), &key).await.device;
            let first = world.linked(&Device::new(1), &key, &owner).await;
            let principal = owner.principal();
            let page = list_owned(&world.app, &principal, (None, None), 1).await.unwrap();
            let listed = (page.licenses.items[0].id, page.devices.items[0].id);
            assert_eq!(listed, (first.license, first.device));
            assert_eq!(page.licenses.next, None);
            let after = page.devices.next.map(|place| place.parse().unwrap());
            let page = list_owned(&world.app, &principal, (None, after), 1).await.unwrap();
            assert_eq!((page.licenses.items[0].id, page.devices.items[0].id), (first.license, second));
            assert_eq!(page.devices.next, None);
        });
    }

    #[test]
    fn lists_need_a_sign_in() {
        on_both(async |world| {
            let refused = list_owned(&world.app, &Principal::Anonymous, (None, None), 1).await;
            assert_eq!(refusal(refused), Code::SignInRequired);
        });
    }
}
