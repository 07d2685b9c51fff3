//! "Sign-in and security": password, second factor, sessions.

use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use fast_qr::QRBuilder;
use fast_qr::convert::svg::SvgBuilder;
use keystead_app::accounts::end_session::{self, Sessions};
use keystead_app::accounts::second_factor::{self, Factors};
use keystead_app::accounts::{change_password, passkey, upstream_sign_in};
use keystead_app::error::AppError;
use keystead_protocol::Code;
use keystead_protocol::id::SessionId;
use keystead_storage::{AppSession, Passkey, SignInRow, UpstreamIdentity, WebSession};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::cookies;
use crate::extract::Id;
use crate::pages::shared::page::{Notice, Place, Shell, is_persons, message, render};
use crate::pages::shared::page_context::SignedIn;
use crate::problem::{ApiError, status_of};

#[derive(Template)]
#[template(path = "account/security.html")]
struct Page {
    shell: Shell,
    email: String,
    factors: Factors,
    /// `None` if the server's address does not allow passkeys.
    passkeys: Option<Vec<Passkey>>,
    browser: String,
    upstreams: Vec<(String, String)>,
    linked_upstreams: Vec<LinkedUpstream>,
    here: SessionId,
    browsers: Vec<WebSession>,
    applications: Vec<Application>,
    sign_ins: Vec<SignInRow>,
    notice: Option<Notice>,
}

struct LinkedUpstream {
    upstream: String,
    identity: UpstreamIdentity,
}

struct Application {
    name: String,
    session: AppSession,
}

#[derive(Template)]
#[template(path = "account/totp.html")]
struct TotpPage {
    shell: Shell,
    secret: String,
    picture: String,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "account/recovery_codes.html")]
struct CodesPage {
    shell: Shell,
    codes: Vec<String>,
}

#[derive(Deserialize)]
pub struct Passwords {
    old: String,
    new: String,
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
pub struct PasswordForm {
    pub password: String,
}

#[derive(Deserialize)]
pub struct PasswordAndCode {
    password: String,
    code: String,
}

async fn page(visit: &SignedIn, error: Option<&AppError>) -> Result<Page, AppError> {
    let Sessions { browsers, applications, sign_ins } =
        end_session::sessions(&visit.app, &visit.principal).await?;
    let shell = visit.shell(Place::Security);
    let name = |session: &AppSession| {
        visit.app.client(&session.client).map_or_else(|| session.client.clone(), |client| client.name.clone())
    };
    let passkeys = match visit.app.webauthn {
        Some(_) => Some(passkey::passkeys(&visit.app, &visit.principal).await?),
        None => None,
    };
    let named = |identity: UpstreamIdentity| {
        let known = visit.app.upstreams.iter().find(|upstream| upstream.vouches_for(&identity.issuer));
        let upstream = known.map_or_else(|| identity.issuer.clone(), |known| known.settings.name.clone());
        LinkedUpstream { upstream, identity }
    };
    let linked_upstreams = upstream_sign_in::identities(&visit.app, &visit.principal).await?;
    let linked_upstreams = linked_upstreams.into_iter().map(named).collect();
    let applications =
        applications.into_iter().map(|session| Application { name: name(&session), session }).collect();
    Ok(Page {
        notice: error.map(|error| shell.notice(error)),
        email: visit.person.account.email.clone(),
        factors: second_factor::factors(&visit.app, &visit.principal).await?,
        upstreams: visit.app.upstream_names(),
        linked_upstreams,
        here: visit.person.session.id,
        passkeys,
        browser: visit.person.session.browser.clone(),
        browsers,
        applications,
        sign_ins,
        shell,
    })
}

/// Renders the page again with an error.
pub async fn refused(visit: &SignedIn, error: AppError) -> Result<Response, ApiError> {
    if !is_persons(&error) {
        return Err(error.into());
    }
    Ok(render(status_of(&error), &page(visit, Some(&error)).await?))
}

/// Shows the page.
pub async fn show(visit: SignedIn) -> Result<Response, ApiError> {
    let lacks = visit.person.needs_second_factor.then(|| AppError::from(Code::SecondFactorRequired));
    Ok(render(StatusCode::OK, &page(&visit, lacks.as_ref()).await?))
}

/// Changes the password.
pub async fn change_password(
    visit: SignedIn,
    jar: CookieJar,
    Form(typed): Form<Passwords>,
) -> Result<Response, ApiError> {
    let (old, new) = (Zeroizing::new(typed.old), Zeroizing::new(typed.new));
    match change_password::change_password(&visit.app, &visit.principal, old, new, &typed.code).await {
        Ok(secret) => {
            let (title, text) =
                (visit.texts.say("password-changed-title"), visit.texts.say("password-changed"));
            let said =
                message(visit.shell(Place::Security), title, text, Some(("/security", "nav-security")));
            Ok((cookies::keep(&visit.app, jar, visit.person.account.id, secret.expose()), said)
                .into_response())
        }
        Err(error) => refused(&visit, error).await,
    }
}

/// Ends a browser or application session.
pub async fn end(visit: SignedIn, Id(session): Id<SessionId>) -> Result<Response, ApiError> {
    match end_session::end_session(&visit.app, &visit.principal, session).await {
        Ok(()) => Ok(Redirect::to("/security").into_response()),
        Err(error) => refused(&visit, error).await,
    }
}

/// Ends all other sessions.
pub async fn end_others(visit: SignedIn, Form(typed): Form<PasswordForm>) -> Result<Response, ApiError> {
    let password = Zeroizing::new(typed.password);
    match end_session::end_other_sessions(&visit.app, &visit.principal, password).await {
        Ok(()) => Ok(Redirect::to("/security").into_response()),
        Err(error) => refused(&visit, error).await,
    }
}

/// Shows the setup of an authenticator app.
pub async fn totp(visit: SignedIn) -> Result<Response, ApiError> {
    match totp_page(&visit, None).await {
        Ok(page) => Ok(render(StatusCode::OK, &page)),
        Err(error) => refused(&visit, error).await,
    }
}

async fn totp_page(visit: &SignedIn, error: Option<&AppError>) -> Result<TotpPage, AppError> {
    let setup = second_factor::begin(&visit.app, &visit.principal).await?;
    let picture = QRBuilder::new(setup.url).build().map(|code| SvgBuilder::default().to_str(&code));
    let shell = visit.shell(Place::Security);
    let notice = error.map(|error| shell.notice(error));
    Ok(TotpPage { shell, secret: setup.secret, picture: picture.unwrap_or_default(), notice })
}

/// Activates the authenticator app and shows the recovery codes.
pub async fn confirm_totp(visit: SignedIn, Form(typed): Form<PasswordAndCode>) -> Result<Response, ApiError> {
    let password = Zeroizing::new(typed.password);
    match second_factor::confirm(&visit.app, &visit.principal, password, &typed.code).await {
        Ok(codes) => Ok(render(StatusCode::OK, &CodesPage { shell: visit.shell(Place::Security), codes })),
        Err(error) if is_persons(&error) => {
            Ok(render(status_of(&error), &totp_page(&visit, Some(&error)).await?))
        }
        Err(error) => Err(error.into()),
    }
}

/// Removes the authenticator app.
pub async fn remove_totp(visit: SignedIn, Form(typed): Form<PasswordAndCode>) -> Result<Response, ApiError> {
    let password = Zeroizing::new(typed.password);
    match second_factor::remove(&visit.app, &visit.principal, password, &typed.code).await {
        Ok(()) => Ok(Redirect::to("/security").into_response()),
        Err(error) => refused(&visit, error).await,
    }
}
