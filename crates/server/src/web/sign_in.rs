use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::cookie::{self, Visitor};
use super::page::{Notice, local_path, render};
use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::ClientIp;
use crate::operation::sign_in;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    vendor: String,
    email: String,
    next: String,
    notice: Option<Notice>,
}

#[derive(Deserialize)]
pub struct Wish {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct Typed {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// The form.
pub async fn show(
    State(app): State<Shared>,
    Visitor(account): Visitor,
    Query(wish): Query<Wish>,
) -> Response {
    let next = local_path(&wish.next).to_owned();
    if account.is_some() {
        return Redirect::to(&next).into_response();
    }
    render(
        StatusCode::OK,
        &Page { vendor: app.tenant.name.clone(), email: String::new(), next, notice: None },
    )
}

/// Signs in and goes where the person wanted to go.
pub async fn submit(
    State(app): State<Shared>,
    ClientIp(from): ClientIp,
    jar: CookieJar,
    Form(typed): Form<Typed>,
) -> Result<Response, ApiError> {
    let next = local_path(&typed.next).to_owned();
    let account = match sign_in::sign_in(&app, from, &typed.email, Zeroizing::new(typed.password)).await {
        Ok(account) => account,
        Err(error) if error.status().is_client_error() => {
            let notice = Some(Notice::from(&error));
            let page = Page { vendor: app.tenant.name.clone(), email: typed.email, next, notice };
            return Ok(render(error.status(), &page));
        }
        Err(error) => return Err(error),
    };
    let secret = sign_in::open_session(&app, account).await?;
    Ok((cookie::keep(&app, jar, secret.expose()), Redirect::to(&next)).into_response())
}
