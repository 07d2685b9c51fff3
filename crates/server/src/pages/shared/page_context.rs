//! The visitor of a page: session, language, origin.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use keystead_app::accounts::sign_in;
use keystead_app::context::Shared;
use keystead_app::i18n::Texts;
use keystead_app::principal::{Person, Principal};
use keystead_app::security::origin::Origin;
use keystead_protocol::Code;
use tower_http::request_id::RequestId;

use crate::cookies;
use crate::extract::{self, RequestOrigin};
use crate::middleware::note_actor;
use crate::pages::shared::page::{Place, Shell};
use crate::problem::ApiError;

/// A visitor, signed in or not.
pub struct Visit {
    /// The application context.
    pub app: Shared,
    /// The language.
    pub texts: &'static Texts,
    /// The signed-in person.
    pub signed_in: Option<Arc<Person>>,
    /// A person with a session who must set up a second factor first.
    needs_second_factor: Option<Arc<Person>>,
    /// The request's origin.
    pub origin: Origin,
    /// The request's id.
    pub request_id: RequestId,
}

/// A signed-in visitor. Others are redirected to the sign-in page, and back afterwards.
pub struct SignedIn {
    /// The application context.
    pub app: Shared,
    /// The language.
    pub texts: &'static Texts,
    /// The person.
    pub person: Arc<Person>,
    /// The person as the principal of use cases.
    pub principal: Principal,
    /// The request's origin.
    pub origin: Origin,
    /// The request's id.
    pub request_id: RequestId,
}

impl Visit {
    /// The signed-in person as the principal of use cases.
    pub fn principal(&self) -> Principal {
        self.signed_in.clone().map_or(Principal::Anonymous, Principal::Person)
    }

    /// The frame of a public page.
    pub fn shell(&self) -> Shell {
        let account = self.signed_in.as_ref().map(|person| &person.account);
        Shell::new(&self.app, self.texts, account, Place::Elsewhere, self.request_id.clone())
    }
}

impl SignedIn {
    /// The frame of an account page.
    pub fn shell(&self, place: Place) -> Shell {
        Shell::new(&self.app, self.texts, Some(&self.person.account), place, self.request_id.clone())
    }
}

impl FromRequestParts<Shared> for Visit {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let jar = CookieJar::from_headers(&parts.headers);
        let session = match cookies::secret(app, &jar) {
            Some(secret) => sign_in::session(app, &secret).await?,
            None => None,
        };
        let (signed_in, needs_second_factor) = match session.map(Arc::new) {
            Some(person) if person.needs_second_factor => (None, Some(person)),
            signed_in => (signed_in, None),
        };
        let person = signed_in.as_ref().or(needs_second_factor.as_ref());
        if let Some(person) = person {
            note_actor(&format!("account:{}", person.account.id));
        }
        let chosen = person.and_then(|person| person.account.language.as_deref());
        let texts = chosen.map_or_else(|| extract::texts(&parts.headers), Texts::of);
        let RequestOrigin(origin) = RequestOrigin::from_request_parts(parts, app).await?;
        let request_id = parts.extensions.get::<RequestId>().cloned().ok_or(Code::Internal)?;
        Ok(Self { app: app.clone(), texts, signed_in, needs_second_factor, origin, request_id })
    }
}

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        if visit.needs_second_factor.is_some() && !SETTING_UP.contains(&parts.uri.path()) {
            return Err(set_up_first(&parts.method));
        }
        let Some(person) = visit.signed_in.or(visit.needs_second_factor) else {
            return Err(sign_in_first(parts));
        };
        Ok(Self {
            app: visit.app,
            texts: visit.texts,
            principal: Principal::Person(Arc::clone(&person)),
            person,
            origin: visit.origin,
            request_id: visit.request_id,
        })
    }
}

/// Pages for people who must set up a second factor before anything else.
const SETTING_UP: [&str; 4] =
    ["/security", "/security/totp", "/security/passkeys", "/security/passkeys/options"];

fn set_up_first(method: &Method) -> Response {
    if *method == Method::GET {
        return Redirect::to("/security").into_response();
    }
    ApiError::from(Code::SecondFactorRequired).into_response()
}

fn sign_in_first(parts: &Parts) -> Response {
    // After the session has ended, a submitted form is lost. The browser returns to the start page after the
    // sign-in, because the form's address need not be a page.
    let page = if parts.method == Method::GET { parts.uri.path_and_query() } else { None };
    let path = page.map_or("/", |page| page.as_str());
    let next: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    let to = if path == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={next}") };
    Redirect::to(&to).into_response()
}
