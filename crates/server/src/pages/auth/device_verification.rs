//! Approves the sign-in of a device without a browser (RFC 8628, section 3.3).

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use keystead_app::error::AppError;
use keystead_app::oauth::device_grant;
use keystead_domain::device_grant::{DecisionError, GrantStatus};
use keystead_protocol::Code;
use serde::Deserialize;

use crate::pages::auth::consent::Asks;
use crate::pages::auth::sign_in;
use crate::pages::shared::page::{Notice, Place, Shell, is_persons, render};
use crate::pages::shared::page_context::SignedIn;
use crate::problem::{ApiError, status_of};

#[derive(Template)]
#[template(path = "auth/device_code.html")]
struct CodePage {
    shell: Shell,
    code: String,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "auth/device_approve.html")]
struct ApprovePage {
    shell: Shell,
    email: String,
    code: String,
    application: String,
    device: String,
    asks: Asks,
}

#[derive(Template)]
#[template(path = "auth/device_done.html")]
struct DonePage {
    shell: Shell,
    device: String,
    approved: bool,
}

#[derive(Deserialize)]
pub struct UserCodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
pub struct Decision {
    code: String,
    decision: String,
}

/// Shows the form for the device's code. An address that contains the code fills in the form, but never
/// approves the sign-in.
pub async fn show(visit: SignedIn, Query(typed): Query<UserCodeForm>) -> Response {
    let code: String = typed.code.chars().filter(|c| c.is_ascii_alphabetic() || *c == '-').take(9).collect();
    render(StatusCode::OK, &CodePage { shell: visit.shell(Place::Elsewhere), code, notice: None })
}

fn is_too_old(approval: Result<GrantStatus, DecisionError>) -> bool {
    approval == Err(DecisionError::AuthenticationTooOld)
}

/// Shows the application and the device that request the sign-in.
pub async fn check(visit: SignedIn, Form(typed): Form<UserCodeForm>) -> Result<Response, ApiError> {
    match device_grant::find(&visit.app, &visit.origin, &visit.principal, &typed.code).await {
        Ok(grant) if is_too_old(grant.approve(visit.person.approver(), visit.app.now())) => {
            Ok(sign_in_first(&typed.code))
        }
        Ok(grant) => {
            let client = visit.app.client(&grant.client);
            let application = client.map_or_else(|| grant.client.clone(), |client| client.name.clone());
            let page = ApprovePage {
                shell: visit.shell(Place::Elsewhere),
                asks: Asks::of(&grant.scope, &visit.person.account),
                email: visit.person.account.email.clone(),
                code: typed.code,
                application,
                device: grant.device_name,
            };
            Ok(render(StatusCode::OK, &page))
        }
        Err(error) => refused(&visit, typed.code, error),
    }
}

/// Approves or denies the sign-in.
pub async fn decide(visit: SignedIn, Form(decision): Form<Decision>) -> Result<Response, ApiError> {
    let approved = decision.decision == "approve";
    match device_grant::decide(&visit.app, &visit.origin, &visit.principal, &decision.code, approved).await {
        Ok(grant) => {
            let shell = visit.shell(Place::Elsewhere);
            Ok(render(StatusCode::OK, &DonePage { shell, device: grant.device_name, approved }))
        }
        Err(error) if error.code() == Code::ReauthenticationRequired => Ok(sign_in_first(&decision.code)),
        Err(error) => refused(&visit, decision.code, error),
    }
}

/// Redirects to the sign-in page. After the sign-in, the browser returns to the form with the code.
fn sign_in_first(code: &str) -> Response {
    let code: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
    Redirect::to(&sign_in::address(&format!("/device?code={code}"))).into_response()
}

fn refused(visit: &SignedIn, code: String, error: AppError) -> Result<Response, ApiError> {
    if !is_persons(&error) {
        return Err(error.into());
    }
    let shell = visit.shell(Place::Elsewhere);
    let notice = Some(shell.notice(&error));
    Ok(render(status_of(&error), &CodePage { shell, code, notice }))
}
