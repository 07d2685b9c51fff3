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
        .read(move |reader| {
            let Some(license) = reader.license(id)?.filter(|l| l.require_owner(owner).is_ok()) else {
                return Ok(None);
            };
            let mut devices = Vec::new();
            for live in reader.live_activations(id, MOST)? {
                if let Some(device) = reader.device(live.activation.device)? {
                    let activations = reader.activations_of_device(device.id, owner, MOST)?;
                    devices.push(device_view(reader, &shared.catalog, device, activations, now)?);
                }
            }
            let history = history::of_license(reader, &license, MAX_SHOWN_EVENTS)?;
            let view = license_view(reader, &shared.catalog, license, now)?;
            Ok(Some((view, devices, history::shown(history, owner))))
        })
        .await;
    found?.ok_or_else(|| Code::NotFound.into())
}
