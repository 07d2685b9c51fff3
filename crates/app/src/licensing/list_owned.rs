//! Lists an account's licenses and devices together, as its pages show them.

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

/// A page of an account's licenses and one of its devices.
pub struct OwnedItems {
    /// The licenses.
    pub licenses: Page<LicenseView>,
    /// The devices.
    pub devices: Page<DeviceView>,
}

/// The account's licenses and devices, each list after a place of its own.
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
        .read(move |reader| {
            Ok(OwnedItems {
                licenses: licenses_of(reader, &shared.catalog, owner, licenses, now)?,
                devices: devices_of(reader, &shared.catalog, owner, devices, now)?,
            })
        })
        .await;
    Ok(found?)
}
