//! One HTTP exchange, and which of the many things between here and the server is at fault when it fails.

use std::io::ErrorKind;
use std::net::ToSocketAddrs as _;
use std::time::Duration;

use keystead_protocol::Code;
use ureq::http::{HeaderMap, Method, Request, Uri, header};
use ureq::{Agent, Body};

use crate::Error;

/// The largest answer that is read, bytes.
const MOST: u64 = 4 * 1024 * 1024;

pub(crate) struct Transport {
    agent: Agent,
}

/// An answer as it arrived.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    url: String,
}

impl Transport {
    pub(crate) fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_secs(30)))
            .user_agent(concat!("keystead/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.into() }
    }

    pub(crate) fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, String)],
        body: &[u8],
    ) -> Result<Answer, Error> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(body).map_err(|error| Error::with_detail(Code::NotConfigured, error))?;
        let answer = self.agent.run(request).map_err(|error| fault(&error, url))?;
        let (parts, body) = answer.into_parts();
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body, url: url.to_owned() })
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Anything but JSON comes from something that stands between here and the server.
    pub(crate) fn is_json(&self) -> bool {
        let media_type = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        matches!(essence, "application/json" | "application/problem+json" | "application/x-ndjson")
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, Error> {
        self.body.with_config().limit(MOST).read_to_vec().map_err(|error| fault(&error, &self.url))
    }
}

fn fault(error: &ureq::Error, url: &str) -> Error {
    let code = match error {
        ureq::Error::HostNotFound => not_found(),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => Code::TlsFailed,
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => Code::ProxyRefused,
        ureq::Error::BadUri(_) => Code::NotConfigured,
        ureq::Error::Protocol(_) => Code::NotTheServer,
        ureq::Error::Io(error) if is_unreachable(error) => Code::Offline,
        // What arrived over a secure connection was no part of one.
        ureq::Error::Io(error) if error.kind() == ErrorKind::InvalidData && url.starts_with("https://") => {
            Code::TlsFailed
        }
        ureq::Error::Io(_) if !resolves(url) => not_found(),
        _ => Code::ServerUnavailable,
    };
    Error::with_detail(code, error)
}

fn not_found() -> Code {
    if has_network() { Code::ServerNotFound } else { Code::Offline }
}

/// Whether the server's name has an address; the error of a failed look-up does not tell it apart from others.
fn resolves(url: &str) -> bool {
    let Some(authority) = url.parse::<Uri>().ok().and_then(|uri| uri.into_parts().authority) else {
        return true;
    };
    (authority.host().trim_matches(['[', ']']), authority.port_u16().unwrap_or(443)).to_socket_addrs().is_ok()
}

fn is_unreachable(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown)
}

/// Whether any adapter but the loopback is up.
fn has_network() -> bool {
    let Ok(adapters) = std::fs::read_dir("/sys/class/net") else { return true };
    adapters.flatten().filter(|adapter| adapter.file_name() != "lo").any(|adapter| {
        std::fs::read_to_string(adapter.path().join("operstate")).is_ok_and(|s| s.trim() != "down")
    })
}
