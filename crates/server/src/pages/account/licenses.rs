//! The page of one license: details, seats, history, and unlinking.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keystead_app::accounts::second_factor;
use keystead_app::audit::history::Happening;
use keystead_app::error::AppError;
use keystead_app::licensing::show_license::show_license;
use keystead_app::licensing::unlink_license;
use keystead_app::request::IdempotencyKey;
use keystead_protocol::api::{DeviceView, LicenseStatusName, LicenseView};
use keystead_protocol::id::LicenseId;

use crate::extract::Id;
use crate::pages::shared::form::{CredentialsForm, IdempotentForm};
use crate::pages::shared::page::{Notice, Place, Shell, render, trouble};
use crate::pages::shared::page_context::SignedIn;
use crate::problem::{ApiError, status_of};

#[derive(Template)]
#[template(path = "account/license.html")]
struct Page {
    shell: Shell,
    license: LicenseView,
    devices: Vec<DeviceView>,
    history: Vec<Happening>,
}

#[derive(Template)]
#[template(path = "account/license_unlink.html")]
struct UnlinkPage {
    shell: Shell,
    license: LicenseView,
    asks_code: bool,
    once: String,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "account/license_unlinked.html")]
struct UnlinkedPage {
    shell: Shell,
    product_key: String,
}

/// Shows one license.
pub async fn show(visit: SignedIn, Id(license): Id<LicenseId>) -> Result<Response, ApiError> {
    let shell = visit.shell(Place::Devices);
    match show_license(&visit.app, &visit.principal, license).await {
        Ok((license, devices, history)) => {
            Ok(render(StatusCode::OK, &Page { shell, license, devices, history }))
        }
        Err(error) => Ok(trouble(shell, &error)),
    }
}

/// Asks for confirmation of unlinking and describes its effects.
pub async fn ask_unlinking(visit: SignedIn, Id(license): Id<LicenseId>) -> Response {
    unlink_page(&visit, license, None).await
}

async fn unlink_page(visit: &SignedIn, license: LicenseId, error: Option<&AppError>) -> Response {
    let shell = visit.shell(Place::Devices);
    let asks_code = asks_code(visit).await;
    match show_license(&visit.app, &visit.principal, license).await {
        Ok((license, _, _)) => {
            let (status, notice) =
                (error.map_or(StatusCode::OK, status_of), error.map(|error| shell.notice(error)));
            render(status, &UnlinkPage { shell, license, asks_code, once: IdempotencyKey::fresh(), notice })
        }
        Err(error) => trouble(shell, &error),
    }
}

/// Whether a second-factor code is required in addition to the password.
pub async fn asks_code(visit: &SignedIn) -> bool {
    second_factor::factors(&visit.app, &visit.principal).await.is_ok_and(|factors| factors.totp)
}

/// Unlinks the license and shows the new product key once.
pub async fn unlink(
    visit: SignedIn,
    Id(license): Id<LicenseId>,
    form: IdempotentForm<CredentialsForm>,
) -> Result<Response, ApiError> {
    let typed = form.value.into();
    let (app, principal) = (&visit.app, &visit.principal);
    let unlinked = unlink_license::unlink_with_password(app, principal, license, typed, &form.request);
    match unlinked.await {
        Ok(done) => {
            let product_key = done.value()?.product_key;
            Ok(render(StatusCode::OK, &UnlinkedPage { shell: visit.shell(Place::Devices), product_key }))
        }
        Err(error) => Ok(unlink_page(&visit, license, Some(&error)).await),
    }
}
