//! Sign-in: email address and password, then the second factor if the account has one.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use keystead_app::accounts::sign_in::{self, SignIn};
use keystead_app::accounts::sign_in_event::Method;
use keystead_app::error::AppError;
use keystead_protocol::Code;
use keystead_storage::Account;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::cookies;
use crate::pages::shared::page::{Notice, Shell, is_persons, local_path, render};
use crate::pages::shared::page_context::Visit;
use crate::problem::{ApiError, status_of};

#[derive(Template)]
#[template(path = "auth/sign_in.html")]
struct Page {
    shell: Shell,
    email: String,
    next: String,
    passkeys: bool,
    upstreams: Vec<(String, String)>,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "auth/sign_in_code.html")]
struct CodePage {
    shell: Shell,
    secret: String,
    next: String,
    notice: Option<Notice>,
}

#[derive(Deserialize)]
pub struct SignInQuery {
    #[serde(default)]
    next: String,
    /// Whether a signed-in person authenticates again.
    #[serde(default)]
    again: bool,
}

#[derive(Deserialize)]
pub struct SignInForm {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct TypedCode {
    secret: String,
    code: String,
    #[serde(default)]
    next: String,
}

/// The address of the sign-in form for authenticating again. After the sign-in, the browser continues at
/// `next`.
pub fn address(next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/sign-in?next={next}&again=true")
}

/// Shows the form.
pub async fn show(visit: Visit, Query(query): Query<SignInQuery>) -> Response {
    let next = local_path(&query.next).to_owned();
    if visit.signed_in.is_some() && !query.again {
        return Redirect::to(&next).into_response();
    }
    page(&visit, String::new(), next, None)
}

/// Signs in and continues at the requested page, or asks for the second factor.
pub async fn submit(
    visit: Visit,
    jar: CookieJar,
    Form(typed): Form<SignInForm>,
) -> Result<Response, ApiError> {
    let next = local_path(&typed.next).to_owned();
    match sign_in::sign_in(&visit.app, &visit.origin, &typed.email, Zeroizing::new(typed.password)).await {
        Ok(how) => go_on(visit, jar, how, Method::Password, next).await,
        Err(error) => refused(&visit, typed.email, next, error),
    }
}

/// Starts a browser session. It replaces the browser's previous session.
pub async fn start_session(
    visit: &Visit,
    jar: CookieJar,
    account: &Account,
    method: Method,
) -> Result<CookieJar, AppError> {
    let replaced = cookies::secret(&visit.app, &jar);
    let secret = sign_in::open(&visit.app, account, &visit.origin, method, replaced.as_deref()).await?;
    Ok(cookies::keep(&visit.app, jar, account.id, secret.expose()))
}

/// Starts a session, or asks for the second factor.
pub async fn go_on(
    visit: Visit,
    jar: CookieJar,
    how: SignIn,
    method: Method,
    next: String,
) -> Result<Response, ApiError> {
    match how {
        SignIn::Done(account) => {
            let jar = start_session(&visit, jar, &account, method).await?;
            Ok((jar, Redirect::to(&next)).into_response())
        }
        SignIn::MfaChallenge(secret) => {
            let (shell, secret) = (visit.shell(), secret.expose().to_owned());
            let page = CodePage { shell, secret, next, notice: None };
            Ok((jar, render(StatusCode::OK, &page)).into_response())
        }
    }
}

/// Checks the second factor.
pub async fn code(visit: Visit, jar: CookieJar, Form(typed): Form<TypedCode>) -> Result<Response, ApiError> {
    let next = local_path(&typed.next).to_owned();
    match sign_in::finish(&visit.app, &visit.origin, &typed.secret, &typed.code).await {
        Ok(account) => go_on(visit, jar, SignIn::Done(account), Method::SecondFactor, next).await,
        Err(error) if error.code() == Code::CodeWrong => {
            let shell = visit.shell();
            let notice = Some(shell.notice(&error));
            Ok(render(status_of(&error), &CodePage { shell, secret: typed.secret, next, notice }))
        }
        Err(error) => refused(&visit, String::new(), next, error),
    }
}

/// Renders the form again with an error.
pub fn refused(visit: &Visit, email: String, next: String, error: AppError) -> Result<Response, ApiError> {
    if !is_persons(&error) {
        return Err(error.into());
    }
    Ok(page(visit, email, next, Some(&error)))
}

fn page(visit: &Visit, email: String, next: String, error: Option<&AppError>) -> Response {
    let shell = visit.shell();
    let notice = error.map(|error| shell.notice(error));
    let passkeys = visit.app.webauthn.is_some();
    let status = error.map_or(StatusCode::OK, status_of);
    let upstreams = visit.app.upstream_names();
    render(status, &Page { shell, email, next, passkeys, upstreams, notice })
}
