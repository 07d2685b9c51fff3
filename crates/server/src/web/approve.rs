use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::cookie::Visitor;
use super::page::{Notice, render};
use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::ClientIp;
use crate::identity::client_name;
use crate::operation::device_grant;

#[derive(Template)]
#[template(path = "device_code.html")]
struct CodePage {
    vendor: String,
    email: String,
    code: String,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "device_approve.html")]
struct ApprovePage {
    vendor: String,
    email: String,
    code: String,
    application: String,
    device: String,
}

#[derive(Template)]
#[template(path = "device_done.html")]
struct DonePage {
    vendor: String,
    email: String,
    device: String,
    approved: bool,
}

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
pub struct Decision {
    code: String,
    decision: String,
}

/// The form for the code that a device shows. A complete address fills it in, and never approves by itself.
pub async fn show(
    State(app): State<Shared>,
    Visitor(account): Visitor,
    Query(typed): Query<Typed>,
) -> Response {
    let code: String = typed.code.chars().filter(|c| c.is_ascii_alphabetic() || *c == '-').take(9).collect();
    let Some(account) = account else {
        let next = if code.is_empty() { "/device".to_owned() } else { format!("/device%3Fcode%3D{code}") };
        return Redirect::to(&format!("/sign-in?next={next}")).into_response();
    };
    render(
        StatusCode::OK,
        &CodePage { vendor: app.tenant.name.clone(), email: account.email, code, notice: None },
    )
}

/// Shows which application on which device asks.
pub async fn check(
    State(app): State<Shared>,
    ClientIp(from): ClientIp,
    Visitor(account): Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, ApiError> {
    let Some(account) = account else { return Ok(Redirect::to("/sign-in?next=/device").into_response()) };
    let (vendor, email) = (app.tenant.name.clone(), account.email);
    match device_grant::find(&app, from, &typed.code).await {
        Ok(grant) => {
            let application = client_name(&grant.client).unwrap_or("An application").to_owned();
            let page =
                ApprovePage { vendor, email, code: typed.code, application, device: grant.device_name };
            Ok(render(StatusCode::OK, &page))
        }
        Err(error) if error.status().is_client_error() => Ok(refused(vendor, email, typed.code, &error)),
        Err(error) => Err(error),
    }
}

/// Approves or denies.
pub async fn decide(
    State(app): State<Shared>,
    ClientIp(from): ClientIp,
    Visitor(account): Visitor,
    Form(decision): Form<Decision>,
) -> Result<Response, ApiError> {
    let Some(account) = account else { return Ok(Redirect::to("/sign-in?next=/device").into_response()) };
    let (vendor, email) = (app.tenant.name.clone(), account.email);
    let approved = decision.decision == "approve";
    match device_grant::decide(&app, from, account.id, &decision.code, approved).await {
        Ok(grant) => {
            Ok(render(StatusCode::OK, &DonePage { vendor, email, device: grant.device_name, approved }))
        }
        Err(error) if error.status().is_client_error() => Ok(refused(vendor, email, decision.code, &error)),
        Err(error) => Err(error),
    }
}

fn refused(vendor: String, email: String, code: String, error: &ApiError) -> Response {
    let notice = Some(Notice::from(error));
    render(error.status(), &CodePage { vendor, email, code, notice })
}
