//! Extractors for handlers. Each rejects invalid input with a problem that describes the defect.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, OriginalUri, Path, Query, Request};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use keystead_app::context::Shared;
use keystead_app::i18n::Texts;
use keystead_app::idempotency::{Outcome, StoredResponse};
use keystead_app::request::SignedRequest;
use keystead_app::security::origin::{Origin, browser_name, network};
use keystead_protocol::Code;
use keystead_protocol::proof::{IDEMPOTENCY_HEADER, PROOF_HEADER};
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::cookies::known_accounts;
use crate::problem::ApiError;

/// A parsed JSON body, and the request data that is hashed or signed together with the body.
pub struct Body<T> {
    /// The parsed body.
    pub value: T,
    /// The request, with the unparsed body.
    pub request: SignedRequest,
}

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, ApiError> {
        require_json(request.headers())?;
        let (mut parts, body) = request.into_parts();
        let Bare(bare) = Bare::from_request_parts(&mut parts, app).await?;
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, app)
            .await
            .map_err(|rejection| ApiError::with_detail(Code::MalformedRequest, rejection.body_text()))?;
        let value = serde_json::from_slice(&body)
            .map_err(|error| ApiError::with_detail(Code::MalformedRequest, error))?;
        Ok(Self { value, request: bare.with_body(body) })
    }
}

/// The full path that the client sent and signed. Within a nested router, `uri` contains only the rest of the
/// path.
pub fn full_path(extensions: &Extensions, uri: &Uri) -> String {
    extensions.get::<OriginalUri>().map_or(uri.path(), |original| original.path()).to_owned()
}

fn require_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(Code::MediaTypeUnsupported.into())
    }
}

/// A request without a body. Its proof signs an empty body.
pub struct Bare(pub SignedRequest);

impl FromRequestParts<Shared> for Bare {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        Ok(Self(SignedRequest {
            method: parts.method.to_string(),
            path: full_path(&parts.extensions, &parts.uri),
            body: Bytes::new(),
            proof: header(PROOF_HEADER).map(str::to_owned),
            idempotency_key: header(IDEMPOTENCY_HEADER).and_then(|text| text.parse().ok()),
            from: client_ip(&parts.headers, parts.extensions.get(), app.config.trusted_proxies),
        }))
    }
}

/// An id in the path. A malformed id is refused with `not_found`.
pub struct Id<T>(pub T);

impl<T: std::str::FromStr> FromRequestParts<Shared> for Id<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let Path(text): Path<String> =
            Path::from_request_parts(parts, app).await.map_err(|_| ApiError::from(Code::NotFound))?;
        text.parse().map(Id).map_err(|_| Code::NotFound.into())
    }
}

/// The query parameters.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let Query(value) = Query::from_request_parts(parts, app)
            .await
            .map_err(|rejection| ApiError::with_detail(Code::MalformedRequest, rejection.body_text()))?;
        Ok(Self(value))
    }
}

/// The client's address, reduced to its network. See [`client_ip`].
#[derive(Debug, Clone, Copy)]
pub struct ClientIp(pub IpAddr);

impl FromRequestParts<Shared> for ClientIp {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        Ok(Self(client_ip(&parts.headers, parts.extensions.get(), app.config.trusted_proxies)))
    }
}

/// The network of the client's address. Without trusted proxies, this is the address of the connection.
/// Otherwise it is an entry of `X-Forwarded-For`, counted from the right, because clients can forge the
/// entries further left.
pub fn client_ip(
    headers: &HeaderMap,
    connection: Option<&ConnectInfo<SocketAddr>>,
    proxies: usize,
) -> IpAddr {
    network(sender(headers, connection, proxies))
}

fn sender(headers: &HeaderMap, connection: Option<&ConnectInfo<SocketAddr>>, proxies: usize) -> IpAddr {
    let peer = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
    let Some(hop) = proxies.checked_sub(1) else { return peer };
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    hops.iter().rev().nth(hop).and_then(|text| text.parse().ok()).unwrap_or(peer)
}

/// The origin of a request.
pub struct RequestOrigin(pub Origin);

impl FromRequestParts<Shared> for RequestOrigin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let ClientIp(address) = ClientIp::from_request_parts(parts, app).await?;
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let browser = browser_name(agent.unwrap_or_default());
        let known_to = known_accounts(app, &CookieJar::from_headers(&parts.headers));
        Ok(Self(Origin { address, browser, known_to }))
    }
}

/// The texts in the browser's preferred language.
pub fn texts(headers: &HeaderMap) -> &'static Texts {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Texts::wanted(accepted.unwrap_or_default())
}

/// The short name of a product in the path.
pub struct Slug(pub String);

impl FromRequestParts<Shared> for Slug {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let Path(text): Path<String> =
            Path::from_request_parts(parts, app).await.map_err(|_| ApiError::from(Code::NotFound))?;
        keystead_domain::account::check_slug(&text).map(Slug).map_err(|_| Code::NotFound.into())
    }
}

/// Requires the `Idempotency-Key` header. The key is in [`SignedRequest`].
pub struct IdempotencyHeader;

impl FromRequestParts<Shared> for IdempotencyHeader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let Bare(request) = Bare::from_request_parts(parts, app).await?;
        request.idempotency_key.map(|_| Self).ok_or_else(|| Code::IdempotencyKeyMissing.into())
    }
}

impl IntoParams for IdempotencyHeader {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
        let uuid = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
        let parameter = ParameterBuilder::new()
            .name(IDEMPOTENCY_HEADER)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("A new UUID for each change; the same one when the request is repeated"))
            .schema(Some(uuid))
            .example(Some("6f1c2a52-9d0b-4c6e-8a37-2b1d5e9f4c70".into()));
        vec![parameter.build()]
    }
}

/// The response of an idempotent change.
pub struct Stored<T>(pub StoredResponse<T>);

impl<T> IntoResponse for Stored<T> {
    fn into_response(self) -> Response {
        let status = match self.0.outcome {
            Outcome::Done(()) => StatusCode::OK,
            Outcome::Created(()) => StatusCode::CREATED,
            Outcome::Pending(()) => StatusCode::ACCEPTED,
        };
        let media_type = HeaderValue::from_static("application/json");
        (status, [(header::CONTENT_TYPE, media_type)], self.0.body).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(forwarded: &str, proxies: usize) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let connection = ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 80)));
        client_ip(&headers, Some(&connection), proxies).to_string()
    }

    #[test]
    fn only_a_configured_proxy_is_believed() {
        assert_eq!(seen("192.0.2.1, 192.0.2.2", 0), "10.0.0.1");
        assert_eq!(seen("192.0.2.1, 192.0.2.2", 1), "192.0.2.2");
        assert_eq!(seen("nonsense", 1), "10.0.0.1");
        assert_eq!(seen("192.0.2.2", 2), "10.0.0.1");
    }

    #[test]
    fn a_network_of_addresses_counts_as_one() {
        assert_eq!(seen("2001:db8:1:2:3:4:5:6", 1), seen("2001:db8:1:2:ffff::1", 1));
        assert_eq!(seen("::ffff:192.0.2.2", 1), "192.0.2.2");
    }
}
