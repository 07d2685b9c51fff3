//! HTTP requests and responses.

use std::time::Duration;

use keystead_protocol::Code;
use keystead_protocol::api::ProblemFacts;
use ureq::http::{HeaderMap, Method, Request, StatusCode, header};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, RequestExt as _};

use super::fault::fault;
use crate::{Error, Options, Proxy};

const MAX_RESPONSE_BYTES: u64 = 4 * 1024 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest pause in a streaming response.
const STREAM_READ_TIMEOUT: Duration = Duration::from_secs(120);

pub(super) struct Transport {
    agent: Agent,
}

pub(super) struct HttpRequest<'a> {
    pub(super) method: Method,
    pub(super) url: &'a str,
    pub(super) headers: &'a [(&'a str, String)],
    pub(super) body: &'a [u8],
    /// A streaming response may take any time, as long as bytes keep arriving.
    pub(super) streaming: bool,
}

/// A response whose body is not read yet.
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    url: String,
    by_proxy: bool,
}

impl Transport {
    pub(super) fn new(options: &Options, proxy: &Proxy) -> Result<Self, Error> {
        let tls = TlsConfig::builder().root_certs(roots(&options.authorities)?).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(proxy.resolve()?)
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT_TIMEOUT.min(options.timeout)))
            .timeout_recv_response(Some(options.timeout))
            // Limits the total time of a response that arrives slowly.
            .timeout_global(Some(options.timeout * 2))
            .user_agent(concat!("keystead/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: config.into() })
    }

    pub(super) fn send(&self, request: HttpRequest<'_>) -> Result<Response, Error> {
        let HttpRequest { method, url, headers, body, streaming } = request;
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(body).map_err(|error| Error::new(Code::NotConfigured, error))?;
        let by_proxy = self.agent.config().proxy().is_some_and(|proxy| !proxy.is_no_proxy(request.uri()));
        let response = if streaming {
            let config = request.with_agent(&self.agent).configure().timeout_global(None);
            config.timeout_per_read(Some(STREAM_READ_TIMEOUT)).run()
        } else {
            self.agent.run(request)
        };
        let response = response.map_err(|error| fault(&error, url, by_proxy))?;
        let (parts, body) = response.into_parts();
        let (status, headers) = (parts.status.as_u16(), parts.headers);
        Ok(Response { status, headers, body, url: url.to_owned(), by_proxy })
    }
}

/// The trusted certificate authorities. The default is the system's, because many company networks
/// inspect TLS with a private authority.
fn roots(authorities: &[u8]) -> Result<RootCerts, Error> {
    if authorities.is_empty() {
        return Ok(RootCerts::PlatformVerifier);
    }
    let mut certificates = Vec::new();
    for item in parse_pem(authorities) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            _ => {
                return Err(Error::new(Code::NotConfigured, "the certificate authorities are not valid PEM"));
            }
        }
    }
    Ok(certificates.into())
}

impl Response {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the body is JSON. Any other body comes from an intermediary.
    pub(super) fn is_json(&self) -> bool {
        let media_type = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        matches!(essence, "application/json" | "application/problem+json" | "application/x-ndjson")
    }

    /// The error for a response of an intermediary, such as a proxy or a captive portal.
    pub(super) fn intermediary_error(&self) -> Error {
        match StatusCode::from_u16(self.status) {
            Ok(StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT) => {
                self.with_retry_after(Code::Maintenance.into())
            }
            Ok(StatusCode::PROXY_AUTHENTICATION_REQUIRED) => Code::ProxySignInRequired.into(),
            _ => Code::NotTheServer.into(),
        }
    }

    /// Adds the `Retry-After` header to an error (RFC 9110, section 10.2.3).
    pub(super) fn with_retry_after(&self, error: Error) -> Error {
        let seconds = self.header(header::RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok());
        match seconds {
            Some(seconds) if error.facts.is_none() => {
                Error { facts: Some(ProblemFacts::RetryAfter { seconds }), ..error }
            }
            _ => error,
        }
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, Error> {
        let read = self.body.with_config().limit(MAX_RESPONSE_BYTES).read_to_vec();
        read.map_err(|error| fault(&error, &self.url, self.by_proxy))
    }
}
