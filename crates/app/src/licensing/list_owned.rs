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
