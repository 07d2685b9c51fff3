//! "Allow this application?": the consent page of the authorization endpoint.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keystead_app::context::App;
use keystead_app::oauth::authorize;
use keystead_app::oauth::oauth_client::Client;
use keystead_app::principal::Person;
use serde::Deserialize;

use crate::oauth::authorization::{AuthorizationError, Parameters};
use crate::pages::auth::consent::Asks;
use crate::pages::auth::sign_in;
use crate::pages::shared::page::{Place, Shell, message, render_with_targets};
use crate::pages::shared::page_context::{SignedIn, Visit};
use crate::problem::ApiError;

#[derive(Template)]
#[template(path = "auth/authorize.html")]
struct Page {
    shell: Shell,
    application: String,
    email: String,
    asked: Parameters,
    asks: Asks,
}

#[derive(Deserialize)]
pub struct Decision {
    decision: String,
    #[serde(flatten)]
    asked: Parameters,
}

fn refused(app: &App, shell: Shell, asked: &Parameters, refused: AuthorizationError) -> Response {
    match refused {
        AuthorizationError::Here(why) => {
            let title = shell.say("trouble-title").to_string();
            let mut response = message(shell, title, why, None);
            *response.status_mut() = StatusCode::BAD_REQUEST;
            response
        }
        AuthorizationError::There(error, why) => {
            let to = asked.answer(app, &[("error", error), ("error_description", why)]);
            Redirect::to(&to).into_response()
        }
    }
}

/// Asks the signed-in person for consent. Redirects to the sign-in page first if a sign-in is required.
pub async fn show(visit: Visit, uri: axum::http::Uri, Query(asked): Query<Parameters>) -> Response {
    let (client, wish) = match asked.check(&visit.app) {
        Ok(found) => found,
        Err(why) => return refused(&visit.app, visit.shell(), &asked, why),
    };
    let fresh = |person: &&Arc<Person>| !asked.wants_sign_in(person.session.created_at, visit.app.now());
    let Some(person) = visit.signed_in.as_ref().filter(fresh) else {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let next = if asked.asks_for_sign_in() { asked.after_sign_in() } else { path.to_owned() };
        return Redirect::to(&sign_in::address(&next)).into_response();
    };
    let email = person.account.email.clone();
    let shell = visit.shell();
    ask(shell, client, Asks::of(&wish.scope, &person.account), email, asked)
}

fn ask(shell: Shell, client: &Client, asks: Asks, email: String, asked: Parameters) -> Response {
    let target = asked.target();
    let page = Page { shell, application: client.name.clone(), email, asked, asks };
    render_with_targets(StatusCode::OK, &page, target.as_deref())
}

/// Redirects to the application with a code or an error.
pub async fn decide(visit: SignedIn, Form(decision): Form<Decision>) -> Result<Response, ApiError> {
    let (app, asked) = (&visit.app, decision.asked);
    let wish = match asked.check(app) {
        Ok((_, wish)) => wish,
        Err(why) => return Ok(refused(app, visit.shell(Place::Elsewhere), &asked, why)),
    };
    if decision.decision != "allow" {
        let to =
            asked.answer(app, &[("error", "access_denied"), ("error_description", "it was not allowed")]);
        return Ok(Redirect::to(&to).into_response());
    }
    if asked.wants_sign_in(visit.person.session.created_at, app.now()) {
        return Ok(Redirect::to(&sign_in::address(&asked.after_sign_in())).into_response());
    }
    let code = authorize::allow(app, &visit.principal, wish).await?;
    Ok(Redirect::to(&asked.answer(app, &[("code", code.expose())])).into_response())
}
