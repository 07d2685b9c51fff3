//! Sign-in with an upstream provider: redirect, return, and linking.

use axum::Form;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use keystead_app::accounts::sign_in_event::Method;
use keystead_app::accounts::upstream_sign_in::{self, Arrival, AuthorizationResponse};
use keystead_protocol::Code;
use keystead_protocol::id::UpstreamIdentityId;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::cookies;
use crate::extract::Id;
use crate::pages::account::security::{self, PasswordForm};
use crate::pages::auth::sign_in;
use crate::pages::shared::page::{Place, is_persons, local_path, message, trouble};
use crate::pages::shared::page_context::{SignedIn, Visit};
use crate::problem::ApiError;

#[derive(Deserialize)]
pub struct UpstreamQuery {
    #[serde(default)]
    next: String,
}

/// The provider's response, in the query of the redirect back to this server (RFC 6749, sections 4.1.2 and
/// 4.1.2.1).
#[derive(Deserialize)]
pub struct Answer {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
}

/// Redirects to the provider if the person pressed the button on this site. A link on another site leads to
/// the sign-in page first, because the provider may sign the person in without asking.
pub async fn depart(
    visit: Visit,
    headers: HeaderMap,
    jar: CookieJar,
    Path(upstream): Path<String>,
    Query(query): Query<UpstreamQuery>,
) -> Result<Response, ApiError> {
    let next = local_path(&query.next).to_owned();
    if is_from_elsewhere(&headers) {
        let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        return Ok(Redirect::to(&format!("/sign-in?next={next}")).into_response());
    }
    match upstream_sign_in::begin_sign_in(&visit.app, visit.origin.address, &upstream, next.clone()).await {
        Ok(departure) => {
            let jar = cookies::keep_departure(&visit.app, jar, departure.browser);
            Ok((jar, Redirect::to(departure.url.as_str())).into_response())
        }
        Err(error) => sign_in::refused(&visit, String::new(), next, error),
    }
}

/// Whether another site sent the browser here (Fetch Metadata, section 2.3).
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    matches!(site, Some(b"cross-site" | b"same-site"))
}

/// Handles the redirect back from the provider.
pub async fn arrive(
    visit: Visit,
    jar: CookieJar,
    Path(upstream): Path<String>,
    Query(answer): Query<Answer>,
) -> Result<Response, ApiError> {
    let arrived = async {
        let browser = cookies::departure(&visit.app, &jar).ok_or(Code::UpstreamRefused)?;
        let response = AuthorizationResponse {
            upstream: &upstream,
            browser,
            state: &answer.state,
            code: answer.code.clone(),
        };
        upstream_sign_in::arrive(&visit.app, &visit.origin, response, &visit.principal()).await
    };
    let arrived = arrived.await;
    let jar = cookies::forget_departure(&visit.app, jar.clone());
    match arrived {
        Ok(Arrival::SignedIn(how, next)) => sign_in::go_on(visit, jar, how, Method::Upstream, next).await,
        Ok(Arrival::Linked) => Ok((jar, Redirect::to("/security")).into_response()),
        Err(error) if visit.signed_in.is_some() && is_persons(&error) => Ok(trouble(visit.shell(), &error)),
        Err(error) => sign_in::refused(&visit, String::new(), String::new(), error),
    }
}

/// Checks the password, then shows a link to the provider. A redirect would fail, because the content
/// security policy does not allow a form to lead to another server.
pub async fn begin_link(
    visit: SignedIn,
    jar: CookieJar,
    Path(upstream): Path<String>,
    Form(typed): Form<PasswordForm>,
) -> Result<Response, ApiError> {
    let (password, from) = (Zeroizing::new(typed.password), visit.origin.address);
    match upstream_sign_in::begin_link(&visit.app, from, &visit.principal, password, &upstream).await {
        Ok(departure) => {
            let jar = cookies::keep_departure(&visit.app, jar, departure.browser);
            let (title, text) = (visit.texts.say("provider-go-title"), visit.texts.say("provider-go"));
            let link = Some((departure.url.as_str(), "continue"));
            Ok((jar, message(visit.shell(Place::Security), title, text, link)).into_response())
        }
        Err(error) => security::refused(&visit, error).await,
    }
}

/// Unlinks an upstream account.
pub async fn unlink(
    visit: SignedIn,
    Id(identity): Id<UpstreamIdentityId>,
    Form(typed): Form<PasswordForm>,
) -> Result<Response, ApiError> {
    let password = Zeroizing::new(typed.password);
    match upstream_sign_in::unlink(&visit.app, &visit.principal, password, identity).await {
        Ok(()) => Ok(Redirect::to("/security").into_response()),
        Err(error) => security::refused(&visit, error).await,
    }
}
