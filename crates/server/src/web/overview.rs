//! The start page: what needs attention, and the ways to everything else.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keystead_protocol::api::{DeviceView, LicenseView, StandingName};

use super::page::{Place, Shell, render};
use super::visit::SignedIn;
use crate::error::ApiError;
use crate::operation::list;

/// Entries of each kind on the start page.
const SHOWN: u32 = 4;

#[derive(Template)]
#[template(path = "overview.html")]
struct Page {
    shell: Shell,
    name: String,
    licenses: Vec<LicenseView>,
    devices: Vec<DeviceView>,
}

/// Who is signed in, and the latest licenses and devices.
pub async fn show(visit: SignedIn) -> Result<Response, ApiError> {
    let id = visit.account.id;
    let licenses = list::licenses(&visit.app, Some(id), None, SHOWN).await?.items;
    let devices = list::devices(&visit.app, id, None, SHOWN).await?.items;
    let shell = visit.shell(Place::Overview);
    Ok(render(StatusCode::OK, &Page { shell, name: visit.account.name, licenses, devices }))
}
