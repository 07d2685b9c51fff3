//! Transfers a license to another person, and accepts a transferred license.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keystead_app::error::AppError;
use keystead_app::licensing::link_license;
use keystead_app::licensing::show_license::show_license;
use keystead_app::licensing::transfer_license::{self, TransferRequest};
use keystead_protocol::api::LicenseView;
use keystead_protocol::id::LicenseId;
use serde::Deserialize;

use crate::extract::Id;
use crate::pages::account::licenses::asks_code;
use crate::pages::shared::form::{AddressForm, EmailLinkQuery};
use crate::pages::shared::page::{Notice, Place, Shell, message, render, trouble};
use crate::pages::shared::page_context::SignedIn;
use crate::problem::status_of;

#[derive(Template)]
#[template(path = "account/license_transfer.html")]
struct OfferPage {
    shell: Shell,
    license: LicenseView,
    asks_code: bool,
    email: String,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "account/transfer.html")]
struct TakePage {
    shell: Shell,
    product: String,
    from: String,
    email: String,
    token: String,
    disclosure: Vec<String>,
    notice: Option<Notice>,
}

#[derive(Deserialize)]
pub struct TakeForm {
    token: String,
    #[serde(default)]
    agree: bool,
}

/// Shows the form for the recipient's address.
pub async fn ask(visit: SignedIn, Id(license): Id<LicenseId>) -> Response {
    offer_page(&visit, license, String::new(), None).await
}

async fn offer_page(
    visit: &SignedIn,
    license: LicenseId,
    email: String,
    error: Option<&AppError>,
) -> Response {
    let (shell, asks_code) = (visit.shell(Place::Devices), asks_code(visit).await);
    match show_license(&visit.app, &visit.principal, license).await {
        Ok((license, _, _)) => {
            let status = error.map_or(StatusCode::OK, status_of);
            let notice = error.map(|error| shell.notice(error));
            render(status, &OfferPage { shell, license, asks_code, email, notice })
        }
        Err(error) => trouble(shell, &error),
    }
}

/// Sends the offer to the recipient.
pub async fn offer(visit: SignedIn, Id(license): Id<LicenseId>, Form(typed): Form<AddressForm>) -> Response {
    let asked = TransferRequest { license, recipient: &typed.email, texts: visit.texts };
    match transfer_license::offer(&visit.app, &visit.principal, asked, typed.credentials.into()).await {
        Ok(()) => {
            let text = visit.texts.say("sent-transfer").with("email", typed.email.trim());
            let link = Some(("/devices", "nav-devices"));
            message(visit.shell(Place::Devices), visit.texts.say("sent-transfer-title"), text, link)
        }
        Err(error) => offer_page(&visit, license, typed.email, Some(&error)).await,
    }
}

/// Shows the page that the link in the email opens.
pub async fn opened(visit: SignedIn, Query(link): Query<EmailLinkQuery>) -> Response {
    take_page(&visit, link.token, None).await
}

async fn take_page(visit: &SignedIn, token: String, error: Option<&AppError>) -> Response {
    let shell = visit.shell(Place::Devices);
    match transfer_license::look(&visit.app, &visit.principal, &token).await {
        Ok(offer) => {
            let status = error.map_or(StatusCode::OK, status_of);
            let notice = error.map(|error| shell.notice(error));
            let (product, from, email) = (offer.product, offer.from, visit.person.account.email.clone());
            let disclosure = link_license::disclosure(&shell.vendor, visit.texts).paragraphs;
            render(status, &TakePage { shell, product, from, email, token, disclosure, notice })
        }
        Err(error) => trouble(shell, &error),
    }
}

/// Accepts the license.
pub async fn take(visit: SignedIn, Form(taken): Form<TakeForm>) -> Response {
    match transfer_license::take(&visit.app, &visit.principal, &taken.token, taken.agree).await {
        Ok(license) => Redirect::to(&format!("/licenses/{license}")).into_response(),
        Err(error) => take_page(&visit, taken.token, Some(&error)).await,
    }
}
