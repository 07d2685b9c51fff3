//! Sign-up: the form, and the page that the link in the email opens.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use keystead_app::accounts::sign_in_event::Method;
use keystead_app::accounts::sign_up::{self, NewAccount};
use keystead_app::error::AppError;
use keystead_protocol::Code;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::extract::ClientIp;
use crate::pages::auth::sign_in::start_session;
use crate::pages::shared::page::{Notice, Shell, is_persons, local_path, message, render, trouble};
use crate::pages::shared::page_context::Visit;
use crate::problem::{ApiError, status_of};

#[derive(Template)]
#[template(path = "auth/sign_up.html")]
struct Page {
    shell: Shell,
    email: String,
    name: String,
    next: String,
    /// The proof-of-work challenge and its difficulty.
    work: Option<(String, u32)>,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "auth/sign_up_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    token: String,
    next: String,
    notice: Option<Notice>,
}

#[derive(Deserialize)]
pub struct SignUpQuery {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct SignUpForm {
    email: String,
    name: String,
    password: String,
    #[serde(default)]
    work: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct ConfirmForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Shows the form.
pub async fn show(visit: Visit, Query(query): Query<SignUpQuery>) -> Response {
    let next = local_path(&query.next).to_owned();
    page(&visit, String::new(), String::new(), next, None)
}

fn page(visit: &Visit, email: String, name: String, next: String, error: Option<&AppError>) -> Response {
    let shell = visit.shell();
    let notice = error.map(|error| shell.notice(error));
    let work = sign_up::challenge(&visit.app);
    render(error.map_or(StatusCode::OK, status_of), &Page { shell, email, name, next, work, notice })
}

/// Sends the confirmation email.
pub async fn submit(
    visit: Visit,
    ClientIp(from): ClientIp,
    Form(typed): Form<SignUpForm>,
) -> Result<Response, ApiError> {
    let next = local_path(&typed.next).to_owned();
    let (email, name) = (typed.email.clone(), typed.name.clone());
    let (password, work) = (Zeroizing::new(typed.password), typed.work);
    let asked = NewAccount { email: typed.email, name: typed.name, password, work };
    match sign_up::ask(&visit.app, from, visit.texts, asked, &next).await {
        Ok(()) => {
            let (title, text) = (visit.texts.say("sent-title"), visit.texts.say("sent-sign-up"));
            Ok(message(visit.shell(), title, text.with("email", email.trim()), None))
        }
        Err(error) if is_persons(&error) => Ok(page(&visit, email, name, next, Some(&error))),
        Err(error) => Err(error.into()),
    }
}

/// Shows the page that the link in the email opens.
pub async fn opened(visit: Visit, Query(opened): Query<ConfirmForm>) -> Response {
    let page = ConfirmPage {
        shell: visit.shell(),
        token: opened.token,
        next: local_path(&opened.next).to_owned(),
        notice: None,
    };
    render(StatusCode::OK, &page)
}

/// Creates the account and signs in.
pub async fn confirm(
    visit: Visit,
    ClientIp(from): ClientIp,
    jar: CookieJar,
    Form(opened): Form<ConfirmForm>,
) -> Result<Response, ApiError> {
    let password = Zeroizing::new(opened.password);
    let account = match sign_up::confirm(&visit.app, from, visit.texts, &opened.token, password).await {
        Ok(account) => account,
        Err(error) if error.code() == Code::PasswordWrong => {
            let (shell, next) = (visit.shell(), local_path(&opened.next).to_owned());
            let notice = Some(shell.notice(&error));
            let page = ConfirmPage { shell, token: opened.token, next, notice };
            return Ok(render(status_of(&error), &page));
        }
        Err(error) => return Ok(trouble(visit.shell(), &error)),
    };
    let jar = start_session(&visit, jar, &account, Method::SignUp).await?;
    Ok((jar, Redirect::to(local_path(&opened.next))).into_response())
}
