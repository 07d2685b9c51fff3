//! The authorization challenge endpoint (draft-ietf-oauth-first-party-apps-04). A person enters the password
//! and the code in the vendor's own application. Only applications configured as first-party may use the
//! endpoint. Flows that need a page continue in the browser.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use keystead_app::accounts::sign_in::{self, SignIn};
use keystead_app::accounts::sign_in_event::{Method, SignInAttempt};
use keystead_app::context::Shared;
use keystead_app::error::AppError;
use keystead_app::oauth::authorize::{self, AuthorizationRequest};
use keystead_app::oauth::oauth_client::Client;
use keystead_app::oauth::scope;
use keystead_app::security::origin::Origin;
use keystead_protocol::Code;
use keystead_protocol::text::array_from_base64url;
use keystead_storage::Account;
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::OAuthError;
use super::client_auth::AuthenticatedClient;
use crate::extract::RequestOrigin;

#[derive(Deserialize)]
pub struct Request {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: Zeroizing<String>,
    #[serde(default)]
    otp: String,
    auth_session: Option<String>,
    #[serde(default)]
    scope: String,
    nonce: Option<String>,
    #[serde(default)]
    code_challenge: String,
    #[serde(default)]
    code_challenge_method: String,
}

/// Why no code was issued (section 5.2.2 of the draft).
pub enum Refusal {
    /// The client must repeat the request with the second-factor code and this `auth_session`.
    More { auth_session: String, why: String },
    /// Any other error.
    Other(OAuthError),
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        let description = error.code().cause();
        Refusal::Other(match error.code() {
            Code::CredentialsWrong => OAuthError::new("insufficient_authorization", description),
            Code::TokenExpired => OAuthError::new("invalid_session", description),
            // Rate limits and a missing second factor require the browser.
            Code::TooManyRequests | Code::TooManyAttempts | Code::SecondFactorRequired => {
                OAuthError::new("redirect_to_web", description)
            }
            _ => error.into(),
        })
    }
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Refusal::Other(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (auth_session, why) = match self {
            Refusal::More { auth_session, why } => (auth_session, why),
            Refusal::Other(error) => return error.into_response(),
        };
        let body = json!({
            "error": "insufficient_authorization", "error_description": why, "auth_session": auth_session, "wanted": "otp",
        });
        (StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }
}

/// Issues an authorization code for typed credentials. The client exchanges it like a code from the browser.
pub async fn challenge(
    State(app): State<Shared>,
    RequestOrigin(origin): RequestOrigin,
    AuthenticatedClient { client, form }: AuthenticatedClient<Request>,
) -> Result<Response, Refusal> {
    if !client.first_party {
        let why = "passwords are typed in the browser with this application";
        return Err(Refusal::Other(OAuthError::new("unauthorized_client", why)));
    }
    let request = authorization_request(&client, &form)?;
    let account = match &form.auth_session {
        Some(session) => second(&app, &origin, session, &form.otp).await?,
        None => first(&app, &origin, &form).await?,
    };
    let method = if form.auth_session.is_some() { Method::SecondFactor } else { Method::Password };
    let attempt = SignInAttempt::new(&app, &origin, method, Some(account.id));
    let code = authorize::allow_after_sign_in(&app, &account, attempt, request).await?;
    let body = Json(json!({ "authorization_code": code.expose() }));
    Ok(([(header::CACHE_CONTROL, "no-store")], body).into_response())
}

fn authorization_request(client: &Client, form: &Request) -> Result<AuthorizationRequest, OAuthError> {
    let scope = client.scope(&form.scope);
    if scope::contains(&scope, scope::VENDOR) {
        return Err(OAuthError::new(
            "redirect_to_web",
            "whoever acts for the vendor signs in with the browser",
        ));
    }
    let challenge =
        array_from_base64url(&form.code_challenge).filter(|_| form.code_challenge_method == "S256");
    let challenge = challenge.ok_or(OAuthError::new("invalid_request", "PKCE with S256 is required"))?;
    Ok(AuthorizationRequest {
        client: client.id.clone(),
        redirect_uri: String::new(),
        challenge,
        nonce: form.nonce.clone().filter(|nonce| nonce.len() <= 512),
        scope,
    })
}

async fn first(app: &Shared, origin: &Origin, form: &Request) -> Result<Account, Refusal> {
    match sign_in::sign_in(app, origin, &form.username, form.password.clone()).await? {
        SignIn::Done(account) => Ok(account),
        SignIn::MfaChallenge(secret) => Err(Refusal::More {
            auth_session: secret.expose().to_owned(),
            why: "the code of the authenticator app, or a recovery code, is wanted as otp".to_owned(),
        }),
    }
}

async fn second(app: &Shared, origin: &Origin, session: &str, otp: &str) -> Result<Account, Refusal> {
    sign_in::finish(app, origin, session, otp).await.map_err(|error| match error.code() {
        Code::CodeWrong => {
            Refusal::More { auth_session: session.to_owned(), why: error.code().cause().to_owned() }
        }
        _ => error.into(),
    })
}
