//! "Link a product key": a key that was bought becomes a digital license of the account.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::form::Submitted;
use super::key_check::KeyCheck;
use super::page::{Notice, Place, Shell, is_persons, render};
use super::visit::SignedIn;
use crate::error::ApiError;
use crate::extract::ClientIp;
use crate::once::IdempotencyKey;
use crate::operation::link_key;

#[derive(Template)]
#[template(path = "link.html")]
struct Page {
    shell: Shell,
    typed: String,
    check: KeyCheck,
    once: String,
    notice: Option<Notice>,
}

#[derive(Deserialize)]
pub struct Typed {
    product_key: String,
    #[serde(default)]
    agree: bool,
}

/// The form, with what is stored said beside it.
pub async fn show(visit: SignedIn) -> Response {
    let shell = visit.shell(Place::Link);
    let (typed, check, once) = (String::new(), KeyCheck::of(""), IdempotencyKey::fresh());
    render(StatusCode::OK, &Page { shell, typed, check, once, notice: None })
}

/// Links the key and shows the license.
pub async fn submit(
    visit: SignedIn,
    ClientIp(from): ClientIp,
    form: Submitted<Typed>,
) -> Result<Response, ApiError> {
    let Typed { product_key, agree } = form.value;
    let linked = link_key::link_key(
        &visit.app,
        visit.account.id,
        from,
        &form.once,
        &product_key,
        agree,
        &form.request,
    );
    match linked.await {
        Ok(license) => Ok(Redirect::to(&format!("/licenses/{}", license.value()?.id)).into_response()),
        Err(error) if is_persons(&error) => {
            let shell = visit.shell(Place::Link);
            let notice = Some(shell.notice(&error));
            let (check, once) = (KeyCheck::of(&product_key), IdempotencyKey::fresh());
            let page = Page { shell, typed: product_key, check, once, notice };
            Ok(render(error.status(), &page))
        }
        Err(error) => Err(error),
    }
}
