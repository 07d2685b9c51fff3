use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use keystead_protocol::proof::{IDEMPOTENCY_HEADER, NONCE_HEADER, PROOF_HEADER};
use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;

use crate::Device;

/// An HTTP client of a server.
pub struct Http {
    agent: Agent,
    server: String,
    nonces: Mutex<Vec<String>>,
}

/// A request. Tests can set each part to a wrong value.
#[derive(Clone)]
pub struct Exchange<'a> {
    /// The method in capitals.
    pub method: &'static str,
    /// The path without query.
    pub path: String,
    /// The query with its question mark.
    pub query: String,
    /// The body's bytes.
    pub body: Vec<u8>,
    /// The content type of a body.
    pub content_type: &'static str,
    /// An access or API token.
    pub bearer: Option<String>,
    /// The idempotency key.
    pub idempotency_key: Option<String>,
    /// The device that signs.
    pub device: Option<&'a Device>,
    /// The nonce to sign; `None` for a fresh nonce.
    pub nonce: Option<String>,
    /// The client address that a proxy reports.
    pub forwarded_for: Option<String>,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    /// The headers, by lower-case name.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// A header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The body as JSON; null if the body is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The code of a problem, or an empty string.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl<'a> Exchange<'a> {
    /// A GET request.
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            query: String::new(),
            body: Vec::new(),
            content_type: "application/json",
            bearer: None,
            idempotency_key: None,
            device: None,
            nonce: None,
            forwarded_for: None,
        }
    }

    /// A POST request with a new idempotency key.
    pub fn post(path: impl Into<String>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed) << 20 | u64::from(std::process::id() & 0xf_ffff);
        let key = format!("00000000-0000-4000-8000-{:012x}", number & 0xffff_ffff_ffff);
        Self { method: "POST", idempotency_key: Some(key), ..Self::get(path) }
    }

    /// Sets a JSON body.
    pub fn json(self, body: &Value) -> Self {
        Self { body: body.to_string().into_bytes(), ..self }
    }

    /// Sets the access or API token.
    pub fn bearer(self, token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), ..self }
    }

    /// Sets the device that signs the request.
    pub fn signed(self, device: &'a Device) -> Self {
        Self { device: Some(device), ..self }
    }
}

impl Http {
    /// A client of the server at `server`, an address without a trailing slash.
    pub fn new(server: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { agent: config.into(), server: server.to_owned(), nonces: Mutex::default() }
    }

    /// Sends a request. Fails only if the connection fails, never because of the status.
    pub fn send(&self, exchange: &Exchange<'_>) -> Result<Reply, ureq::Error> {
        let url = format!("{}{}{}", self.server, exchange.path, exchange.query);
        let mut request = Request::builder().method(exchange.method).uri(url);
        if !exchange.body.is_empty() {
            request = request.header("content-type", exchange.content_type);
        }
        if let Some(address) = &exchange.forwarded_for {
            request = request.header("x-forwarded-for", address);
        }
        if let Some(token) = &exchange.bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = &exchange.idempotency_key {
            request = request.header(IDEMPOTENCY_HEADER, key);
        }
        if let Some(device) = exchange.device {
            let nonce = match &exchange.nonce {
                Some(nonce) => nonce.clone(),
                None => self.nonce()?,
            };
            request = request
                .header(PROOF_HEADER, device.proof(exchange.method, &exchange.path, &exchange.body, &nonce));
        }
        let mut answer = self.agent.run(request.body(&exchange.body[..])?)?;
        let text =
            |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (nonce, content_type) = (text(NONCE_HEADER), text("content-type").unwrap_or_default());
        self.nonces.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(nonce);
        let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let status = answer.status().as_u16();
        Ok(Reply { status, content_type, headers, bytes: answer.body_mut().read_to_vec()? })
    }

    /// Discards the stored nonces. Tests call it after they move the server's clock.
    pub fn forget_nonces(&self) {
        self.nonces.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    /// Returns a stored nonce, or requests a new one.
    pub fn nonce(&self) -> Result<String, ureq::Error> {
        let kept = || self.nonces.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        if let Some(nonce) = kept() {
            return Ok(nonce);
        }
        let ask =
            Exchange { query: "?nonce=AAAAAAAAAAAAAAAAAAAAAA".to_owned(), ..Exchange::get("/api/v1/time") };
        self.send(&ask)?;
        kept().ok_or(ureq::Error::HostNotFound)
    }
}
