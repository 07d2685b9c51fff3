//! Passkeys on the pages. The browser fetches options, calls the authenticator, and submits the
//! authenticator's answer with a form.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use axum_extra::extract::CookieJar;
use keystead_app::accounts::passkey;
use keystead_app::accounts::sign_in_event::Method;
use keystead_app::context::Shared;
use keystead_app::error::AppError;
use keystead_protocol::Code;
use keystead_protocol::id::PasskeyId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::extract::Id;
use crate::pages::account::security;
use crate::pages::auth::sign_in as sign_in_page;
use crate::pages::shared::page::local_path;
use crate::pages::shared::page_context::{SignedIn, Visit};
use crate::problem::ApiError;

#[derive(Deserialize)]
pub struct Assertion {
    ceremony: String,
    answer: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct New {
    ceremony: String,
    answer: String,
    name: String,
    password: String,
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
pub struct Removal {
    password: String,
}

fn parse<T: DeserializeOwned>(answer: &str) -> Result<T, AppError> {
    serde_json::from_str(answer).map_err(|error| {
        tracing::debug!(%error, "a passkey's answer cannot be read");
        Code::PasskeyRefused.into()
    })
}

/// The authenticator options for a sign-in.
pub async fn sign_in_options(State(app): State<Shared>) -> Result<Response, ApiError> {
    Ok(Json(passkey::begin_sign_in(&app)?).into_response())
}

/// Signs in with a passkey.
pub async fn sign_in(
    visit: Visit,
    jar: CookieJar,
    Form(typed): Form<Assertion>,
) -> Result<Response, ApiError> {
    let next = local_path(&typed.next).to_owned();
    let signed_in = async {
        let account =
            passkey::sign_in(&visit.app, &visit.origin, &typed.ceremony, &parse(&typed.answer)?).await?;
        sign_in_page::start_session(&visit, jar, &account, Method::Passkey).await
    };
    match signed_in.await {
        Ok(jar) => Ok((jar, Redirect::to(&next)).into_response()),
        Err(error) => sign_in_page::refused(&visit, String::new(), next, error),
    }
}

/// The authenticator options for adding a passkey.
pub async fn options(visit: SignedIn) -> Result<Response, ApiError> {
    Ok(Json(passkey::begin_adding(&visit.app, &visit.principal).await?).into_response())
}

/// Adds a passkey.
pub async fn add(visit: SignedIn, Form(typed): Form<New>) -> Result<Response, ApiError> {
    let added = async {
        let (name, password, code) = (typed.name, Zeroizing::new(typed.password), typed.code);
        let new = passkey::New { name, password, code };
        passkey::add(&visit.app, &visit.principal, new, &typed.ceremony, &parse(&typed.answer)?).await
    };
    match added.await {
        Ok(()) => Ok(Redirect::to("/security").into_response()),
        Err(error) => security::refused(&visit, error).await,
    }
}

/// Removes a passkey.
pub async fn remove(
    visit: SignedIn,
    Id(passkey): Id<PasskeyId>,
    Form(typed): Form<Removal>,
) -> Result<Response, ApiError> {
    match passkey::remove(&visit.app, &visit.principal, Zeroizing::new(typed.password), passkey).await {
        Ok(()) => Ok(Redirect::to("/security").into_response()),
        Err(error) => security::refused(&visit, error).await,
    }
}
