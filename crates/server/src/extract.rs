//! What handlers take out of a request, each with the problem that tells what is wrong with it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, OriginalUri, Path, Query, Request};
use axum::http::{Extensions, HeaderMap, Method, Uri, header, request::Parts};
use keystead_protocol::Code;
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::proof::{self, PROOF_HEADER, Proof, ProofError};
use serde::de::DeserializeOwned;

use crate::app::Shared;
use crate::error::ApiError;
use crate::nonce;

/// A JSON body and the request's other parts that are hashed or signed with it.
pub struct Body<T> {
    /// The parsed body.
    pub value: T,
    /// The request as it arrived.
    pub request: RawRequest,
}

/// A request as it arrived.
#[derive(Clone)]
pub struct RawRequest {
    /// The method.
    pub method: Method,
    /// The path without query.
    pub path: String,
    /// The body's bytes.
    pub body: Bytes,
    proof: Option<String>,
}

/// A device key whose possession was proven, and the nonce it was proven over.
pub struct Proven {
    /// The key; certificates are issued to no other.
    pub key: DevicePublicKey,
    /// The nonce.
    pub nonce: String,
}

impl RawRequest {
    /// Checks that the device with `key` signed this request over a nonce of ours.
    pub fn verify(&self, app: &Shared, key: DevicePublicKey) -> Result<Proven, ApiError> {
        let proof: Proof = self
            .proof
            .as_deref()
            .ok_or(ApiError::from(Code::ProofMissing))?
            .parse()
            .map_err(|error| ApiError::with_detail(Code::ProofRefused, error))?;
        let request = proof::Request { method: self.method.as_str(), path: &self.path, body: &self.body };
        proof.verify(&key, request).map_err(|error| match error {
            ProofError::OtherKey => Code::DifferentDevice.into(),
            error => ApiError::with_detail(Code::ProofRefused, error),
        })?;
        if !nonce::is_fresh(&app.keys.nonces(), &proof.nonce, app.now()) {
            return Err(Code::NonceStale.into());
        }
        Ok(Proven { key, nonce: proof.nonce })
    }

    /// The same request with the body that was read meanwhile.
    pub fn with_body(self, body: Bytes) -> Self {
        Self { body, ..self }
    }

    /// Whether a proof came with the request.
    pub fn is_signed(&self) -> bool {
        self.proof.is_some()
    }
}

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, ApiError> {
        require_json(request.headers())?;
        let proof =
            request.headers().get(PROOF_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (method, path) = (request.method().clone(), full_path(request.extensions(), request.uri()));
        let body = Bytes::from_request(request, app)
            .await
            .map_err(|rejection| ApiError::with_detail(Code::MalformedRequest, rejection.body_text()))?;
        let value = serde_json::from_slice(&body)
            .map_err(|error| ApiError::with_detail(Code::MalformedRequest, error))?;
        Ok(Self { value, request: RawRequest { method, path, body, proof } })
    }
}

/// The path as it was sent and signed; a nested router sees only its own part.
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

/// A request without a body, whose proof signs the empty body.
pub struct Bare(pub RawRequest);

impl FromRequestParts<Shared> for Bare {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, ApiError> {
        let proof = parts.headers.get(PROOF_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let path = full_path(&parts.extensions, &parts.uri);
        Ok(Self(RawRequest { method: parts.method.clone(), path, body: Bytes::new(), proof }))
    }
}

/// An id in the path; anything that is none is simply not there.
pub struct Id<T>(pub T);

impl<T: std::str::FromStr> FromRequestParts<Shared> for Id<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let Path(text): Path<String> =
            Path::from_request_parts(parts, app).await.map_err(|_| ApiError::from(Code::NotFound))?;
        text.parse().map(Id).map_err(|_| Code::NotFound.into())
    }
}

/// The query's parameters.
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

/// The client's address: the connection's, or what the configured number of proxies says.
#[derive(Debug, Clone, Copy)]
pub struct ClientIp(pub IpAddr);

impl FromRequestParts<Shared> for ClientIp {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        Ok(Self(client_ip(&parts.headers, parts.extensions.get(), app.config.trusted_proxies)))
    }
}

/// Counts hops from the right of `X-Forwarded-For`; what stands further left can be made up by anybody.
pub fn client_ip(
    headers: &HeaderMap,
    connection: Option<&ConnectInfo<SocketAddr>>,
    proxies: usize,
) -> IpAddr {
    network(sender(headers, connection, proxies))
}

/// One customer has a whole /64 of IPv6 addresses; limits count them as one.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

fn sender(headers: &HeaderMap, connection: Option<&ConnectInfo<SocketAddr>>, proxies: usize) -> IpAddr {
    let peer = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
    let Some(hop) = proxies.checked_sub(1) else { return peer };
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    hops.iter().rev().nth(hop).and_then(|text| text.parse().ok()).unwrap_or(peer)
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
