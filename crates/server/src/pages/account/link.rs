//! "Link a product key": a purchased key becomes a digital license of the account.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keystead_app::error::AppError;
use keystead_app::licensing::{link_key, link_license};
use keystead_app::request::IdempotencyKey;
use serde::Deserialize;

use crate::pages::account::key_check::KeyCheck;
use crate::pages::shared::form::IdempotentForm;
use crate::pages::shared::page::{Notice, Place, Shell, is_persons, render};
use crate::pages::shared::page_context::SignedIn;
use crate::problem::{ApiError, status_of};

#[derive(Template)]
#[template(path = "account/link.html")]
struct Page {
    shell: Shell,
    typed: String,
    check: KeyCheck,
    disclosure: Vec<String>,
    once: String,
    notice: Option<Notice>,
}

#[derive(Deserialize)]
pub struct LinkForm {
    product_key: String,
    #[serde(default)]
    agree: bool,
}

/// Shows the form with the disclosure.
pub async fn show(visit: SignedIn) -> Response {
    page(&visit, String::new(), None)
}

fn page(visit: &SignedIn, typed: String, error: Option<&AppError>) -> Response {
    let shell = visit.shell(Place::Link);
    let page = Page {
        notice: error.map(|error| shell.notice(error)),
        check: KeyCheck::of(&typed),
        disclosure: link_license::disclosure(&shell.vendor, visit.texts).paragraphs,
        once: IdempotencyKey::fresh(),
        typed,
        shell,
    };
    render(error.map_or(StatusCode::OK, status_of), &page)
}

/// Links the key and shows the license.
pub async fn submit(visit: SignedIn, form: IdempotentForm<LinkForm>) -> Result<Response, ApiError> {
    let LinkForm { product_key, agree } = form.value;
    let linked = link_key::link_key(&visit.app, &visit.principal, &product_key, agree, &form.request);
    match linked.await {
        Ok(license) => Ok(Redirect::to(&format!("/licenses/{}", license.value()?.id)).into_response()),
        Err(error) if is_persons(&error) => Ok(page(&visit, product_key, Some(&error))),
        Err(error) => Err(error.into()),
    }
}
