//! "Activate an offline device": the customer enters the device's Installation ID here and types the returned lines
//! on the device. Also accepts the release code of a device that released its seat.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use keystead_app::error::AppError;
use keystead_app::licensing::list_licenses::list_licenses;
use keystead_app::offline::confirm_offline::confirm_offline;
use keystead_app::offline::prove_release::prove_release;
use keystead_app::pagination::PageRequest;
use keystead_app::request::IdempotencyKey;
use keystead_protocol::Code;
use keystead_protocol::api::{ConfirmRequest, LicenseView, ProveReleaseRequest};
use keystead_protocol::id::LicenseId;
use serde::Deserialize;

use crate::pages::shared::form::IdempotentForm;
use crate::pages::shared::page::{Notice, Place, Shell, is_persons, message, render};
use crate::pages::shared::page_context::SignedIn;
use crate::problem::{ApiError, status_of};

/// Maximum number of licenses to choose from.
pub const MOST: u32 = 100;

#[derive(Template)]
#[template(path = "account/offline.html")]
struct Page {
    shell: Shell,
    licenses: Vec<LicenseView>,
    typed: ConfirmationForm,
    release: Release,
    once: String,
    once_more: String,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "account/offline_confirmed.html")]
struct ConfirmedPage {
    shell: Shell,
    lines: Vec<String>,
    days: u32,
}

#[derive(Deserialize, Default)]
pub struct OfflineQuery {
    /// The Installation ID, if a QR code opened the page.
    #[serde(default)]
    id: String,
}

#[derive(Deserialize, Default)]
pub struct ConfirmationForm {
    license: String,
    installation_id: String,
    device_name: String,
}

#[derive(Deserialize, Default)]
pub struct Release {
    installation_id: String,
    code: String,
}

/// Shows the forms.
pub async fn show(visit: SignedIn, Query(shown): Query<OfflineQuery>) -> Result<Response, ApiError> {
    let typed = ConfirmationForm { installation_id: shown.id, ..ConfirmationForm::default() };
    page(&visit, typed, Release::default(), None).await
}

async fn page(
    visit: &SignedIn,
    typed: ConfirmationForm,
    release: Release,
    error: Option<&AppError>,
) -> Result<Response, ApiError> {
    let shell = visit.shell(Place::Devices);
    let first = PageRequest { after: None, limit: MOST };
    let page = Page {
        notice: error.map(|error| shell.notice(error)),
        licenses: list_licenses(&visit.app, &visit.principal, first).await?.items,
        typed,
        release,
        once: IdempotencyKey::fresh(),
        once_more: IdempotencyKey::fresh(),
        shell,
    };
    Ok(render(error.map_or(StatusCode::OK, status_of), &page))
}

/// Confirms the installation and shows the lines to type on the device.
pub async fn confirm(visit: SignedIn, form: IdempotentForm<ConfirmationForm>) -> Result<Response, ApiError> {
    match confirmed(&visit, &form).await {
        Ok(page) => Ok(render(StatusCode::OK, &page)),
        Err(error) if is_persons(&error) => page(&visit, form.value, Release::default(), Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

async fn confirmed(
    visit: &SignedIn,
    form: &IdempotentForm<ConfirmationForm>,
) -> Result<ConfirmedPage, AppError> {
    let typed = &form.value;
    let license: LicenseId = typed.license.parse().map_err(|_| AppError::from(Code::NotFound))?;
    let asked = ConfirmRequest {
        license,
        installation_id: typed.installation_id.clone(),
        device_name: typed.device_name.clone(),
        reason: None,
    };
    let done = confirm_offline(&visit.app, &visit.principal, &asked, &form.request).await?.value()?;
    Ok(ConfirmedPage { shell: visit.shell(Place::Devices), lines: done.lines, days: done.days })
}

/// Frees the seat that a device released.
pub async fn release(visit: SignedIn, form: IdempotentForm<Release>) -> Result<Response, ApiError> {
    let Release { installation_id, code } = &form.value;
    let asked = ProveReleaseRequest { installation_id: installation_id.clone(), code: code.clone() };
    match prove_release(&visit.app, &visit.principal, &asked, &form.request).await {
        Ok(_) => {
            let (title, text) = (visit.texts.say("offline-freed-title"), visit.texts.say("offline-freed"));
            Ok(message(visit.shell(Place::Devices), title, text, Some(("/devices", "nav-devices"))))
        }
        Err(error) if is_persons(&error) => {
            page(&visit, ConfirmationForm::default(), form.value, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}
