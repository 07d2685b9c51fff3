//! "Privacy and data": stored data with purpose and retention, export, and deletion of the account.

use askama::Template;
use axum::Form;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use keystead_app::accounts::{delete_account, export_account};
use keystead_app::context::Shared;
use keystead_app::error::AppError;

use crate::cookies;
use crate::pages::shared::form::CredentialsForm;
use crate::pages::shared::page::{Notice, Place, Shell, is_persons, render};
use crate::pages::shared::page_context::SignedIn;
use crate::problem::{ApiError, status_of};

#[derive(Template)]
#[template(path = "account/privacy.html")]
struct Page {
    shell: Shell,
    /// Number of days that the address of a sign-in is kept.
    days: u32,
}

#[derive(Template)]
#[template(path = "account/delete.html")]
struct DeletePage {
    shell: Shell,
    licenses: usize,
    asks_code: bool,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "account/deleted.html")]
struct DeletedPage {
    shell: Shell,
    keys: Vec<String>,
}

/// Shows the page.
pub async fn show(visit: SignedIn) -> Response {
    render(
        StatusCode::OK,
        &Page { shell: visit.shell(Place::Privacy), days: visit.app.config.sign_in.address_days },
    )
}

/// Exports all data stored about the account as one file.
pub async fn export(visit: SignedIn) -> Result<Response, ApiError> {
    let archive = export_account::export_account(&visit.app, &visit.principal).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"keystead-account.json\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(archive)).into_response())
}

async fn delete_page(visit: &SignedIn, error: Option<&AppError>) -> Result<DeletePage, AppError> {
    let facts = delete_account::facts(&visit.app, &visit.principal).await?;
    let shell = visit.shell(Place::Privacy);
    let notice = error.map(|error| shell.notice(error));
    Ok(DeletePage { shell, licenses: facts.licenses, asks_code: facts.second_factor, notice })
}

/// Asks for confirmation of the deletion and describes its effects.
pub async fn ask_deletion(visit: SignedIn) -> Result<Response, ApiError> {
    Ok(render(StatusCode::OK, &delete_page(&visit, None).await?))
}

/// Deletes the account.
pub async fn delete(
    State(app): State<Shared>,
    visit: SignedIn,
    jar: CookieJar,
    Form(credentials): Form<CredentialsForm>,
) -> Result<Response, ApiError> {
    match delete_account::delete_account(&app, &visit.principal, credentials.into()).await {
        Ok(keys) => {
            let shell = Shell::new(&app, visit.texts, None, Place::Elsewhere, visit.request_id);
            let said = render(StatusCode::OK, &DeletedPage { shell, keys });
            Ok((cookies::forget(&app, jar), cookies::clear_site_data(), said).into_response())
        }
        Err(error) if is_persons(&error) => {
            Ok(render(status_of(&error), &delete_page(&visit, Some(&error)).await?))
        }
        Err(error) => Err(error.into()),
    }
}
