use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keystead_protocol::api::{DeviceView, LicenseView};

use super::cookie::Visitor;
use super::page::render;
use crate::app::Shared;
use crate::error::ApiError;
use crate::operation::list;

/// Entries of each kind on the start page.
const SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    vendor: String,
    name: String,
    email: String,
    licenses: Vec<LicenseView>,
    devices: Vec<DeviceView>,
}

/// Who is signed in, and the account's licenses and devices.
pub async fn show(State(app): State<Shared>, Visitor(account): Visitor) -> Result<Response, ApiError> {
    let Some(account) = account else { return Ok(Redirect::to("/sign-in").into_response()) };
    let licenses = list::licenses(&app, Some(account.id), None, SHOWN).await?.items;
    let devices = list::devices(&app, account.id, None, SHOWN).await?.items;
    let page =
        Page { vendor: app.tenant.name.clone(), name: account.name, email: account.email, licenses, devices };
    Ok(render(StatusCode::OK, &page))
}
