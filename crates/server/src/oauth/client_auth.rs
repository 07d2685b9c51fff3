//! Parses a form sent by an OAuth client, and identifies the client.

use axum::RequestExt as _;
use axum::extract::{Form, FromRequest, Request};
use axum::http::header;
use axum_extra::TypedHeader;
use axum_extra::headers::Authorization;
use axum_extra::headers::authorization::Basic;
use keystead_app::context::Shared;
use keystead_app::oauth::oauth_client::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::OAuthError;

/// A form and the client that sent it.
pub struct AuthenticatedClient<T> {
    /// The client.
    pub client: Client,
    /// The form.
    pub form: T,
}

#[derive(Deserialize)]
struct ClientForm<T> {
    client_id: Option<String>,
    #[serde(flatten)]
    form: T,
}

impl<T: DeserializeOwned + 'static> FromRequest<Shared> for AuthenticatedClient<T> {
    type Rejection = OAuthError;

    async fn from_request(mut request: Request, app: &Shared) -> Result<Self, OAuthError> {
        let basic = match names_itself_by_basic(&request) {
            true => Some(by_header(&mut request).await?),
            false => None,
        };
        let Form(ClientForm { client_id, form }) = Form::<ClientForm<T>>::from_request(request, app)
            .await
            .map_err(|rejection| OAuthError::new("invalid_request", rejection.body_text()))?;
        let by_basic = basic.is_some();
        let id = match (basic, client_id) {
            (Some(basic), Some(sent)) if basic != sent => {
                return Err(OAuthError::new("invalid_request", "there are two client_ids"));
            }
            (Some(id), _) | (None, Some(id)) => id,
            (None, None) => return Err(OAuthError::new("invalid_request", "client_id is missing")),
        };
        let client = app.client(&id).cloned();
        let unknown = "this application is not known here";
        let client = client.ok_or_else(|| match by_basic {
            true => OAuthError::not_by_basic(unknown),
            false => OAuthError::new("invalid_client", unknown),
        })?;
        Ok(Self { client, form })
    }
}

/// Whether the request identifies its client with HTTP Basic. Tokens that applications attach to every
/// request do not identify a client.
fn names_itself_by_basic(request: &Request) -> bool {
    let header = request.headers().get(header::AUTHORIZATION).map(|value| value.as_bytes());
    header.and_then(|value| value.get(..6)).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic "))
}

/// Reads the client id from HTTP Basic. Some clients send it there, with an empty secret (RFC 6749, section
/// 2.3.1).
async fn by_header(request: &mut Request) -> Result<String, OAuthError> {
    let basic: Option<TypedHeader<Authorization<Basic>>> = request.extract_parts().await.ok();
    let basic = basic.ok_or(OAuthError::not_by_basic("what follows Basic cannot be read"))?;
    if !basic.password().is_empty() {
        return Err(OAuthError::not_by_basic("applications have no secrets here"));
    }
    let decoded = form_urlencoded::parse(basic.username().as_bytes()).next();
    Ok(decoded.map(|(name, _)| name.into_owned()).unwrap_or_default())
}
