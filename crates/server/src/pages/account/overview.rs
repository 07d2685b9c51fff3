//! The start page: the latest licenses and devices.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keystead_app::licensing::list_owned::list_owned;
use keystead_protocol::api::{DeviceView, LicenseStatusName, LicenseView};

use crate::pages::shared::page::{Place, Shell, render};
use crate::pages::shared::page_context::SignedIn;
use crate::problem::ApiError;

/// Maximum number of licenses and of devices.
const SHOWN: u32 = 4;

#[derive(Template)]
#[template(path = "account/overview.html")]
struct Page {
    shell: Shell,
    name: String,
    licenses: Vec<LicenseView>,
    devices: Vec<DeviceView>,
}

/// Shows the account and its latest licenses and devices.
pub async fn show(visit: SignedIn) -> Result<Response, ApiError> {
    let belongings = list_owned(&visit.app, &visit.principal, (None, None), SHOWN).await?;
    let page = Page {
        shell: visit.shell(Place::Overview),
        name: visit.person.account.name.clone(),
        licenses: belongings.licenses.items,
        devices: belongings.devices.items,
    };
    Ok(render(StatusCode::OK, &page))
}
