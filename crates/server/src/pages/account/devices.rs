//! "Devices and licenses": the two paginated lists, and the page of one device.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keystead_app::audit::history::Happening;
use keystead_app::error::AppError;
use keystead_app::licensing::list_owned::list_owned;
use keystead_app::licensing::remove_device::{self, Removal};
use keystead_app::licensing::show_device::show_device;
use keystead_app::licensing::{list_devices, rename_device};
use keystead_app::request::IdempotencyKey;
use keystead_protocol::api::{DeviceView, LicenseStatusName, LicenseView, RenameRequest};
use keystead_protocol::id::{DeviceId, LicenseId};
use keystead_protocol::state::State;
use serde::Deserialize;

use crate::extract::Id;
use crate::pages::shared::form::IdempotentForm;
use crate::pages::shared::page::{Notice, Place, Shell, is_persons, message, render, trouble};
use crate::pages::shared::page_context::SignedIn;
use crate::problem::{ApiError, status_of};

/// Entries per page of each list.
const SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "account/devices.html")]
struct Page {
    shell: Shell,
    licenses: Vec<LicenseView>,
    next_license: Option<String>,
    devices: Vec<DeviceView>,
    next_device: Option<String>,
    first: bool,
}

#[derive(Template)]
#[template(path = "account/device.html")]
struct DevicePage {
    shell: Shell,
    device: DeviceView,
    history: Vec<Happening>,
    once: String,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "account/device_remove.html")]
struct RemovePage {
    shell: Shell,
    device: DeviceView,
    removal: Removal,
    once: String,
}

#[derive(Deserialize)]
pub struct After {
    licenses: Option<String>,
    devices: Option<String>,
}

#[derive(Deserialize)]
pub struct NewName {
    name: String,
}

#[derive(Deserialize)]
pub struct Nothing {}

/// Shows the lists of licenses and devices. Each list has its own cursor.
pub async fn show(visit: SignedIn, Query(after): Query<After>) -> Result<Response, ApiError> {
    let license = after.licenses.as_deref().and_then(|text| text.parse::<LicenseId>().ok());
    let device = after.devices.as_deref().and_then(|text| text.parse::<list_devices::Place>().ok());
    let belongings = list_owned(&visit.app, &visit.principal, (license, device), SHOWN).await?;
    let page = Page {
        shell: visit.shell(Place::Devices),
        licenses: belongings.licenses.items,
        next_license: belongings.licenses.next,
        devices: belongings.devices.items,
        next_device: belongings.devices.next,
        first: license.is_none() && device.is_none(),
    };
    Ok(render(StatusCode::OK, &page))
}

async fn device_page(
    visit: &SignedIn,
    device: DeviceId,
    error: Option<&AppError>,
) -> Result<DevicePage, AppError> {
    let (device, history) = show_device(&visit.app, &visit.principal, device).await?;
    let shell = visit.shell(Place::Devices);
    let notice = error.map(|error| shell.notice(error));
    Ok(DevicePage { shell, device, history, once: IdempotencyKey::fresh(), notice })
}

/// Shows one device.
pub async fn device(visit: SignedIn, Id(device): Id<DeviceId>) -> Result<Response, ApiError> {
    match device_page(&visit, device, None).await {
        Ok(page) => Ok(render(StatusCode::OK, &page)),
        Err(error) => Ok(trouble(visit.shell(Place::Devices), &error)),
    }
}

/// Renames a device.
pub async fn rename(
    visit: SignedIn,
    Id(device): Id<DeviceId>,
    form: IdempotentForm<NewName>,
) -> Result<Response, ApiError> {
    let asked = RenameRequest { name: form.value.name };
    let renamed =
        rename_device::rename_device(&visit.app, &visit.principal, device, &asked, &form.request).await;
    match renamed {
        Ok(_) => Ok(Redirect::to(&format!("/devices/{device}")).into_response()),
        Err(error) if is_persons(&error) => {
            Ok(render(status_of(&error), &device_page(&visit, device, Some(&error)).await?))
        }
        Err(error) => Ok(trouble(visit.shell(Place::Devices), &error)),
    }
}

/// Asks for confirmation of a removal and describes its effects.
pub async fn ask_removal(visit: SignedIn, Id(device): Id<DeviceId>) -> Result<Response, ApiError> {
    let shell = visit.shell(Place::Devices);
    let (device, _) = match show_device(&visit.app, &visit.principal, device).await {
        Ok(found) => found,
        Err(error) => return Ok(trouble(shell, &error)),
    };
    let removal = remove_device::preview(&visit.app, &visit.principal, device.id).await?;
    let page = RemovePage { shell, device, removal, once: IdempotencyKey::fresh() };
    Ok(render(StatusCode::OK, &page))
}

/// Removes a device.
pub async fn remove(
    visit: SignedIn,
    Id(device): Id<DeviceId>,
    form: IdempotentForm<Nothing>,
) -> Result<Response, ApiError> {
    let shell = visit.shell(Place::Devices);
    let removed = remove_device::remove_device(&visit.app, &visit.principal, device, &form.request);
    match removed.await {
        Ok(done) => {
            let done = done.value()?;
            let text = visit.texts.say("removed").with("seats", done.seats_freed);
            let text = text.with("day", visit.texts.day(&done.stops_by).to_string());
            let link = Some(("/devices", "nav-devices"));
            Ok(message(shell, visit.texts.say("removed-title"), text, link))
        }
        Err(error) => Ok(trouble(shell, &error)),
    }
}
