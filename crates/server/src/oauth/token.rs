use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use keystead_app::context::Shared;
use keystead_app::oauth::authorize::{self, IssuedTokens, TokenRequest, is_verifier};
use keystead_app::oauth::id_token::SignIn;
use keystead_app::oauth::rotate_tokens::{self, ACCESS, Tokens};
use keystead_app::oauth::{device_grant, scope};
use keystead_app::security::dpop::DpopProof;
use keystead_domain::device_grant::Poll;
use serde::{Deserialize, Serialize};

use super::client_auth::AuthenticatedClient;
use super::{OAuthError, issuer, proven_key};

#[derive(Deserialize)]
pub struct Request {
    grant_type: String,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    device_code: Option<String>,
    refresh_token: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    access_token: String,
    refresh_token: String,
    token_type: &'static str,
    expires_in: i64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

/// Issues tokens for an authorization code, an approved device code or a refresh token (RFC 6749, section 5; RFC
/// 8628, section 3.4).
pub async fn token(
    State(app): State<Shared>,
    headers: HeaderMap,
    AuthenticatedClient { client, form: request }: AuthenticatedClient<Request>,
) -> Result<Response, OAuthError> {
    let client = &client.id;
    let key = proven_key(&app, &headers, "/id/token")?;
    let answer = match request.grant_type.as_str() {
        "authorization_code" => first(&app, client, by_code(&app, client, &request, key).await?, key)?,
        "urn:ietf:params:oauth:grant-type:device_code" => {
            first(&app, client, by_device(&app, client, &request, key).await?, key)?
        }
        "refresh_token" => again(&app, client, &request, key).await?,
        _ => {
            let known = "authorization_code, device_code and refresh_token are supported";
            return Err(OAuthError::new("unsupported_grant_type", known));
        }
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

fn needed<'a>(value: &'a Option<String>, name: &str) -> Result<&'a str, OAuthError> {
    value.as_deref().ok_or_else(|| OAuthError::new("invalid_request", format!("{name} is missing")))
}

async fn by_code(
    app: &Shared,
    client: &str,
    request: &Request,
    key: Option<DpopProof>,
) -> Result<IssuedTokens, OAuthError> {
    let code = needed(&request.code, "code")?;
    // The redirect URI may be missing only if the code was not sent by a redirect.
    let redirect_uri = request.redirect_uri.as_deref().unwrap_or_default();
    let verifier = needed(&request.code_verifier, "code_verifier")?;
    if !is_verifier(verifier) {
        return Err(OAuthError::new("invalid_request", "code_verifier is not one of RFC 7636"));
    }
    let request = TokenRequest { code, client, redirect_uri, verifier };
    authorize::exchange(app, request, key).await?.ok_or(OAuthError::new(
        "invalid_grant",
        "the code is unknown, used, expired or not this application's",
    ))
}

async fn by_device(
    app: &Shared,
    client: &str,
    request: &Request,
    key: Option<DpopProof>,
) -> Result<IssuedTokens, OAuthError> {
    let code = needed(&request.device_code, "device_code")?;
    device_grant::poll(app, code, client, key).await?.map_err(|poll| OAuthError::new(name(poll), poll))
}

/// The response to a new sign-in. It contains an ID token if the scope contains `openid`.
fn first(
    app: &Shared,
    client: &str,
    issued: IssuedTokens,
    key: Option<DpopProof>,
) -> Result<Answer, OAuthError> {
    let IssuedTokens { tokens, account, scope, nonce, authenticated_at } = issued;
    let wanted = scope::contains(&scope, "openid");
    let sign_in = SignIn { account: &account, authenticated_at, scope: &scope, nonce: nonce.as_deref() };
    let (issuer, now) = (issuer(app), app.now());
    let sign = || app.keys.with(|secrets| secrets.id_tokens.sign(&issuer, client, sign_in, now));
    let id_token = wanted.then(sign).transpose()?;
    Ok(answer(&tokens, key.is_some(), scope, id_token))
}

async fn again(
    app: &Shared,
    client: &str,
    request: &Request,
    key: Option<DpopProof>,
) -> Result<Answer, OAuthError> {
    let token = needed(&request.refresh_token, "refresh_token")?;
    let (tokens, session) = rotate_tokens::rotate(app, token, client, key)
        .await?
        .ok_or(OAuthError::new("invalid_grant", "the sign-in has expired or was ended"))?;
    Ok(answer(&tokens, session.key_thumbprint.is_some(), session.scope, None))
}

fn answer(tokens: &Tokens, bound: bool, scope: String, id_token: Option<String>) -> Answer {
    Answer {
        access_token: tokens.access.expose().to_owned(),
        refresh_token: tokens.refresh.expose().to_owned(),
        token_type: if bound { "DPoP" } else { "Bearer" },
        expires_in: ACCESS / 1000,
        scope,
        id_token,
    }
}

const fn name(poll: Poll) -> &'static str {
    match poll {
        Poll::Pending => "authorization_pending",
        Poll::SlowDown => "slow_down",
        Poll::Denied => "access_denied",
        Poll::Expired => "expired_token",
        Poll::Consumed => "invalid_grant",
    }
}
