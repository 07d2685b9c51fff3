//! "Your info": name, language, email address.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keystead_app::accounts::{change_email, second_factor, set_profile};
use keystead_app::error::AppError;
use keystead_app::i18n::LANGUAGES;
use serde::Deserialize;

use crate::extract::ClientIp;
use crate::pages::shared::form::{AddressForm, EmailLinkQuery};
use crate::pages::shared::page::{Notice, Place, Shell, is_persons, message, render, trouble};
use crate::pages::shared::page_context::{SignedIn, Visit};
use crate::problem::{ApiError, status_of};

#[derive(Template)]
#[template(path = "account/account.html")]
struct Page {
    shell: Shell,
    name: String,
    email: String,
    new_email: String,
    language: String,
    languages: [(&'static str, &'static str); 2],
    since: i64,
    asks_code: bool,
    saved: bool,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "account/email_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    token: String,
}

#[derive(Deserialize)]
pub struct ProfileQuery {
    #[serde(default)]
    saved: bool,
}

#[derive(Deserialize)]
pub struct Profile {
    name: String,
    #[serde(default)]
    language: String,
}

async fn page(visit: &SignedIn, new_email: String, saved: bool) -> Result<Page, AppError> {
    let factors = second_factor::factors(&visit.app, &visit.principal).await?;
    Ok(Page {
        shell: visit.shell(Place::Info),
        name: visit.person.account.name.clone(),
        email: visit.person.account.email.clone(),
        new_email,
        language: visit.person.account.language.clone().unwrap_or_default(),
        languages: LANGUAGES,
        since: visit.person.account.created_at,
        asks_code: factors.totp,
        saved,
        notice: None,
    })
}

/// Shows the page.
pub async fn show(visit: SignedIn, Query(query): Query<ProfileQuery>) -> Result<Response, ApiError> {
    Ok(render(StatusCode::OK, &page(&visit, String::new(), query.saved).await?))
}

/// Saves name and language.
pub async fn save(visit: SignedIn, Form(profile): Form<Profile>) -> Result<Response, ApiError> {
    match set_profile::set_profile(&visit.app, &visit.principal, &profile.name, &profile.language).await {
        Ok(()) => Ok(Redirect::to("/account?saved=true").into_response()),
        Err(error) => refused(&visit, String::new(), error).await,
    }
}

/// Sends the confirmation link to the new address.
pub async fn change_email(visit: SignedIn, Form(typed): Form<AddressForm>) -> Result<Response, ApiError> {
    let credentials = typed.credentials.into();
    match change_email::ask(&visit.app, &visit.principal, visit.texts, &typed.email, credentials).await {
        Ok(()) => {
            let text = visit.texts.say("sent-email").with("email", typed.email.trim());
            let link = Some(("/account", "nav-info"));
            Ok(message(visit.shell(Place::Info), visit.texts.say("sent-title"), text, link))
        }
        Err(error) => refused(&visit, typed.email, error).await,
    }
}

async fn refused(visit: &SignedIn, new_email: String, error: AppError) -> Result<Response, ApiError> {
    if !is_persons(&error) {
        return Err(error.into());
    }
    let mut page = page(visit, new_email, false).await?;
    page.notice = Some(page.shell.notice(&error));
    Ok(render(status_of(&error), &page))
}

/// Shows the page that the link in the email opens. The browser may have no session.
pub async fn email_opened(visit: Visit, Query(link): Query<EmailLinkQuery>) -> Response {
    render(StatusCode::OK, &ConfirmPage { shell: visit.shell(), token: link.token })
}

/// Changes the account's address.
pub async fn email_confirm(
    visit: Visit,
    ClientIp(from): ClientIp,
    Form(link): Form<EmailLinkQuery>,
) -> Result<Response, ApiError> {
    match change_email::confirm(&visit.app, from, &link.token).await {
        Ok(_) => {
            let texts = visit.texts;
            let back = Some(("/account", "nav-info"));
            Ok(message(visit.shell(), texts.say("email-changed-title"), texts.say("email-changed"), back))
        }
        Err(error) => Ok(trouble(visit.shell(), &error)),
    }
}
