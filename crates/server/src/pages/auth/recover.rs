//! "Forgot your password?": sends the recovery email and sets a new password.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use keystead_app::accounts::recover;
use keystead_app::accounts::sign_in_event::Method;
use keystead_protocol::Code;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::pages::auth::sign_in::start_session;
use crate::pages::shared::form::EmailLinkQuery;
use crate::pages::shared::page::{Notice, Shell, is_persons, message, render};
use crate::pages::shared::page_context::Visit;
use crate::problem::{ApiError, status_of};

#[derive(Template)]
#[template(path = "auth/recover.html")]
struct Page {
    shell: Shell,
    email: String,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "auth/reset.html")]
struct ResetPage {
    shell: Shell,
    token: String,
    asks_code: bool,
    notice: Option<Notice>,
}

#[derive(Deserialize)]
pub struct RecoverForm {
    email: String,
}

#[derive(Deserialize)]
pub struct ResetForm {
    token: String,
    password: String,
    #[serde(default)]
    code: String,
}

/// Shows the form.
pub async fn show(visit: Visit) -> Response {
    render(StatusCode::OK, &Page { shell: visit.shell(), email: String::new(), notice: None })
}

/// Sends the recovery email if the address has an account.
pub async fn submit(visit: Visit, Form(typed): Form<RecoverForm>) -> Result<Response, ApiError> {
    let shell = visit.shell();
    match recover::ask(&visit.app, &visit.origin, visit.texts, &typed.email).await {
        Ok(()) => {
            let (title, text) = (visit.texts.say("sent-title"), visit.texts.say("sent-recover"));
            Ok(message(shell, title, text.with("email", typed.email.trim()), None))
        }
        Err(error) if is_persons(&error) => {
            let notice = Some(shell.notice(&error));
            Ok(render(status_of(&error), &Page { shell, email: typed.email, notice }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Shows the page that the link in the email opens.
pub async fn opened(visit: Visit, Query(link): Query<EmailLinkQuery>) -> Response {
    let page = ResetPage { shell: visit.shell(), token: link.token, asks_code: false, notice: None };
    render(StatusCode::OK, &page)
}

/// Sets the new password and signs in.
pub async fn reset(
    visit: Visit,
    jar: CookieJar,
    Form(chosen): Form<ResetForm>,
) -> Result<Response, ApiError> {
    let password = Zeroizing::new(chosen.password);
    match recover::reset(&visit.app, &visit.origin, &chosen.token, password, &chosen.code).await {
        Ok(account) => {
            let jar = start_session(&visit, jar, &account, Method::Recovery).await?;
            Ok((jar, Redirect::to("/")).into_response())
        }
        Err(error) if status_of(&error).is_client_error() => {
            let shell = visit.shell();
            let asks_code = error.code() == Code::CodeWrong || !chosen.code.is_empty();
            // A first submission without a code is not a mistake, because the page did not ask for the code
            // yet.
            let notice = (!asks_code || !chosen.code.is_empty()).then(|| shell.notice(&error));
            Ok(render(status_of(&error), &ResetPage { shell, token: chosen.token, asks_code, notice }))
        }
        Err(error) => Err(error.into()),
    }
}
