//! Shows one of the account's licenses.

use keystead_protocol::Code;
use keystead_protocol::api::{DeviceView, LicenseView};
use keystead_protocol::id::LicenseId;
use keystead_storage::Error;

use crate::audit::history::{self, Happening, MAX_SHOWN_EVENTS};
use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::deactivate_device::MOST;
use crate::licensing::device_view::device_view;
use crate::licensing::license_view::license_view;
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
