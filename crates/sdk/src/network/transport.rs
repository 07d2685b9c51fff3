//! One HTTP exchange.

use std::time::Duration;

use keystead_protocol::Code;
use keystead_protocol::api::ProblemFacts;
use ureq::http::{HeaderMap, Method, Request, StatusCode, header};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, RequestExt as _};

use super::fault::fault;
use crate::{Error, Options, Proxy};

/// The largest answer that is read, bytes.
const MOST: u64 = 4 * 1024 * 1024;

/// How long it may take until somebody answers at all.
const CONNECT: Duration = Duration::from_secs(10);

/// How long an answer without an end may pause.
const ENDLESS: Duration = Duration::from_secs(120);

pub(super) struct Transport {
    agent: Agent,
}

/// An answer as it arrived.
pub(super) struct Answer {
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
            .timeout_connect(Some(CONNECT.min(options.patience)))
            .timeout_recv_response(Some(options.patience))
            // However slowly the bytes trickle in.
            .timeout_global(Some(options.patience * 2))
            .user_agent(concat!("keystead/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: config.into() })
    }

    /// `endless` is an answer that may take as long as it takes, as long as it goes on.
    pub(super) fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, String)],
        body: &[u8],
        endless: bool,
    ) -> Result<Answer, Error> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(body).map_err(|error| Error::new(Code::NotConfigured, error))?;
        let by_proxy = self.agent.config().proxy().is_some_and(|proxy| !proxy.is_no_proxy(request.uri()));
        let answer = if endless {
            let config = request.with_agent(&self.agent).configure().timeout_global(None);
            config.timeout_per_read(Some(ENDLESS)).run()
        } else {
            self.agent.run(request)
        };
        let answer = answer.map_err(|error| fault(&error, url, by_proxy))?;
        let (parts, body) = answer.into_parts();
        let (status, headers) = (parts.status.as_u16(), parts.headers);
        Ok(Answer { status, headers, body, url: url.to_owned(), by_proxy })
    }
}

/// What the system trusts is trusted by default: many networks look into connections with an authority of their own.
fn roots(authorities: &[u8]) -> Result<RootCerts, Error> {
    if authorities.is_empty() {
        return Ok(RootCerts::PlatformVerifier);
    }
    let mut certificates = Vec::new();
    for item in parse_pem(authorities) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            _ => {
                return Err(Error::new(Code::NotConfigured, "the authorities are no PEM certificates"));
            }
        }
    }
    Ok(certificates.into())
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Anything but JSON comes from something that stands between here and the server.
    pub(super) fn is_json(&self) -> bool {
        let media_type = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        matches!(essence, "application/json" | "application/problem+json" | "application/x-ndjson")
    }

    /// What something in front of the server says instead of it.
    pub(super) fn stranger(&self) -> Error {
        match StatusCode::from_u16(self.status) {
            Ok(StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT) => {
                self.with_wait(Code::Maintenance.into())
            }
            Ok(StatusCode::PROXY_AUTHENTICATION_REQUIRED) => Code::ProxySignInRequired.into(),
            _ => Code::NotTheServer.into(),
        }
    }

    /// Adds how long the answer asks to wait (RFC 9110, section 10.2.3).
    pub(super) fn with_wait(&self, error: Error) -> Error {
        let seconds = self.header(header::RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok());
        match seconds {
            Some(seconds) if error.facts.is_none() => {
                Error { facts: Some(ProblemFacts::RetryAfter { seconds }), ..error }
            }
            _ => error,
        }
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, Error> {
        let read = self.body.with_config().limit(MOST).read_to_vec();
        read.map_err(|error| fault(&error, &self.url, self.by_proxy))
    }
}
