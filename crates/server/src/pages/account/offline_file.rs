//! Answers the request file of an offline device. The customer takes the answer file back to the device.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keystead_app::error::AppError;
use keystead_app::licensing::list_licenses::list_licenses;
use keystead_app::offline::answer_file::answer_file;
use keystead_app::pagination::PageRequest;
use keystead_app::request::IdempotencyKey;
use keystead_protocol::api::{FileRequest, LicenseView};
use keystead_protocol::id::LicenseId;
use serde::Deserialize;

use crate::pages::account::offline::MOST;
use crate::pages::shared::form::IdempotentForm;
use crate::pages::shared::page::{Notice, Place, Shell, is_persons, message, render};
use crate::pages::shared::page_context::SignedIn;
use crate::problem::{ApiError, status_of};

#[derive(Template)]
#[template(path = "account/offline_file.html")]
struct Page {
    shell: Shell,
    licenses: Vec<LicenseView>,
    brought: FileForm,
    once: String,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "account/offline_answered.html")]
struct AnsweredPage {
    shell: Shell,
    file: String,
}

#[derive(Deserialize, Default)]
pub struct FileForm {
    request: String,
    #[serde(default)]
    license: String,
}

/// Shows the form.
pub async fn show(visit: SignedIn) -> Result<Response, ApiError> {
    page(&visit, FileForm::default(), None).await
}

async fn page(visit: &SignedIn, brought: FileForm, error: Option<&AppError>) -> Result<Response, ApiError> {
    let shell = visit.shell(Place::Devices);
    let first = PageRequest { after: None, limit: MOST };
    let page = Page {
        notice: error.map(|error| shell.notice(error)),
        licenses: list_licenses(&visit.app, &visit.principal, first).await?.items,
        brought,
        once: IdempotencyKey::fresh(),
        shell,
    };
    Ok(render(error.map_or(StatusCode::OK, status_of), &page))
}

/// Answers a request file, or frees the seat that a release file returns.
pub async fn answer(visit: SignedIn, form: IdempotentForm<FileForm>) -> Result<Response, ApiError> {
    match answered(&visit, &form).await {
        Ok(page) => Ok(page),
        Err(error) if is_persons(&error) => page(&visit, form.value, Some(&error)).await,
        Err(error) => Err(error.into()),
    }
}

async fn answered(visit: &SignedIn, form: &IdempotentForm<FileForm>) -> Result<Response, AppError> {
    let FileForm { request, license } = &form.value;
    let license: Option<LicenseId> = license.parse().ok();
    let asked = FileRequest { request: request.clone(), license, reason: None };
    let done = answer_file(&visit.app, &visit.principal, &asked, &form.request).await?.value()?;
    let Some(file) = done.file else {
        let (title, text) = (visit.texts.say("offline-freed-title"), visit.texts.say("offline-freed"));
        return Ok(message(visit.shell(Place::Devices), title, text, Some(("/devices", "nav-devices"))));
    };
    Ok(render(StatusCode::OK, &AnsweredPage { shell: visit.shell(Place::Devices), file }))
}
