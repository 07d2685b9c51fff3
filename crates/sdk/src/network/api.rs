//! Calls to the server's API, with signatures, access tokens and retries.

use std::io::{BufRead as _, BufReader};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use keystead_protocol::Code;
use keystead_protocol::api::{KeyBatchLine, PROBLEM_MEDIA_TYPE, Problem};
use keystead_protocol::proof::{self, IDEMPOTENCY_HEADER, NONCE_HEADER, PROOF_HEADER, Proof};
use keystead_protocol::text::to_base64url;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::Method;

use super::dpop::Access;
use super::transport::{HttpRequest, Response, Transport};
use super::{date, dpop};
use crate::clock::Reading;
use crate::device_key::DeviceKey;
use crate::{Error, Options, Proxy, entropy};

/// The server's API.
pub struct Api {
    server: String,
    transport: RwLock<Arc<Transport>>,
    nonce: Mutex<Option<String>>,
    /// Offset of the server's clock from this device's, seconds, once known.
    clock_offset: Mutex<Option<i64>>,
}

/// One API call.
#[derive(Default)]
pub struct Call<'a> {
    method: Method,
    path: String,
    query: String,
    body: Vec<u8>,
    bearer: Option<String>,
    access: Option<&'a Access>,
    signer: Option<&'a DeviceKey>,
}

impl<'a> Call<'a> {
    /// A GET request.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), ..Self::default() }
    }

    /// A POST request.
    pub fn post(path: impl Into<String>) -> Self {
        Self { method: Method::POST, ..Self::get(path) }
    }

    /// A PATCH request.
    pub fn patch(path: impl Into<String>) -> Self {
        Self { method: Method::PATCH, ..Self::get(path) }
    }

    /// Sets the encoded query, including the leading `?`.
    pub fn query(self, query: impl Into<String>) -> Self {
        Self { query: query.into(), ..self }
    }

    /// Sets a JSON body.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self { body: serde_json::to_vec(body).unwrap_or_default(), ..self }
    }

    /// Authenticates with an API token of the vendor.
    pub fn bearer(self, token: Option<String>) -> Self {
        Self { bearer: token, ..self }
    }

    /// Authenticates as the signed-in account.
    pub(crate) fn signed_in(self, access: Option<&'a Access>) -> Self {
        Self { access, ..self }
    }

    /// Signs with the device key.
    pub(crate) fn signed(self, key: &'a DeviceKey) -> Self {
        Self { signer: Some(key), ..self }
    }
}

impl Api {
    /// The API of a server. Its address has no trailing slash.
    pub fn new(server: impl Into<String>, options: &Options) -> Result<Self, Error> {
        let transport = RwLock::new(Arc::new(Transport::new(options, &options.proxy)?));
        Ok(Self { server: server.into(), transport, nonce: Mutex::default(), clock_offset: Mutex::default() })
    }

    /// Uses this proxy for new requests. Running requests keep their proxy.
    pub(crate) fn use_proxy(&self, options: &Options, proxy: &Proxy) -> Result<(), Error> {
        let transport = Arc::new(Transport::new(options, proxy)?);
        *self.transport.write().unwrap_or_else(PoisonError::into_inner) = transport;
        Ok(())
    }

    fn transport(&self) -> Arc<Transport> {
        Arc::clone(&self.transport.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes a call and parses the JSON response. If the response is lost, repeats the call with
    /// the same idempotency key.
    pub fn call<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, Error> {
        let (_, bytes) = self.exchange(call)?;
        serde_json::from_slice(&bytes).map_err(|error| Error::new(Code::NotTheServer, error))
    }

    /// Makes a call and returns the HTTP status and the body.
    pub(crate) fn exchange(&self, call: &Call<'_>) -> Result<(u16, Vec<u8>), Error> {
        let key = uuid::Builder::from_random_bytes(entropy::bytes()).into_uuid().to_string();
        let mut attempts = 0;
        loop {
            attempts += 1;
            match self
                .attempt(call, &key, false)
                .and_then(|mut response| Ok((response.status, response.bytes()?)))
            {
                Err(error) if attempts < 3 && is_retryable(error.code) => {}
                outcome => return outcome,
            }
        }
    }

    /// Creates product keys, and passes each line of the response to `each` as it arrives.
    pub fn make_keys(&self, call: &Call<'_>, mut each: impl FnMut(KeyBatchLine)) -> Result<(), Error> {
        let response = self.attempt(call, "", true)?;
        let reader = BufReader::new(response.body.into_reader());
        for line in reader.lines() {
            let line = line.map_err(|error| Error::new(Code::ServerUnavailable, error))?;
            each(serde_json::from_str(&line).map_err(|error| Error::new(Code::NotTheServer, error))?);
        }
        Ok(())
    }

    /// Posts an OAuth form. An OAuth error is returned as the inner `Err`. If `key` is set, the
    /// server binds the tokens in its response to `key`.
    pub(crate) fn form(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        key: Option<&DeviceKey>,
    ) -> Result<Result<Value, Value>, Error> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        let url = format!("{}{path}", self.server);
        if let Some(key) = key {
            headers.push(("dpop", dpop::sign(key, "POST", &url, None, self.server_now()?)?));
        }
        let mut response = self.transport().send(HttpRequest {
            method: Method::POST,
            url: &url,
            headers: &headers,
            body: body.as_bytes(),
            streaming: false,
        })?;
        if response.status != 200 && !response.is_json() {
            return Err(response.intermediary_error());
        }
        let bytes = response.bytes()?;
        if response.status == 200 && bytes.is_empty() {
            return Ok(Ok(Value::Null));
        }
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|error| Error::new(Code::NotTheServer, error))?;
        if value["error"].is_string() {
            return Ok(Err(value));
        }
        // Rate limits respond with a problem, not with an OAuth error.
        match serde_json::from_value::<Problem>(value.clone()) {
            Ok(problem) if response.status >= 400 => Err(response.with_retry_after(problem.into())),
            _ => Ok(Ok(value)),
        }
    }

    fn attempt(&self, call: &Call<'_>, key: &str, streaming: bool) -> Result<Response, Error> {
        let mut headers = vec![("accept", "application/json".to_owned())];
        if !call.body.is_empty() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        if call.method != Method::GET && !key.is_empty() {
            headers.push((IDEMPOTENCY_HEADER, key.to_owned()));
        }
        if let Some(token) = &call.bearer {
            headers.push(("authorization", format!("Bearer {token}")));
        }
        if let Some(Access { token, key }) = call.access {
            let (method, url) = (call.method.as_str(), format!("{}{}", self.server, call.path));
            headers.push(("authorization", format!("DPoP {token}")));
            headers.push(("dpop", dpop::sign(key, method, &url, Some(token), self.server_now()?)?));
        }
        if let Some(signer) = call.signer {
            headers.push((PROOF_HEADER, self.proof(call, signer)?));
        }
        let url = format!("{}{}{}", self.server, call.path, call.query);
        let mut response = self.transport().send(HttpRequest {
            method: call.method.clone(),
            url: &url,
            headers: &headers,
            body: &call.body,
            streaming,
        })?;
        if let Some(at) = response.header("date").and_then(date::parse) {
            *self.clock_offset.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(at - Reading::take().wall);
        }
        if let Some(nonce) = response.header(NONCE_HEADER) {
            *self.lock_nonce() = Some(nonce.to_owned());
        }
        if !response.is_json() {
            return Err(response.intermediary_error());
        }
        if response.status < 400 {
            return Ok(response);
        }
        let problem =
            response.header("content-type").is_some_and(|media| media.starts_with(PROBLEM_MEDIA_TYPE));
        let bytes = response.bytes()?;
        match serde_json::from_slice::<Problem>(&bytes) {
            Ok(body) if problem => Err(response.with_retry_after(body.into())),
            _ => Err(response.intermediary_error()),
        }
    }

    fn proof(&self, call: &Call<'_>, signer: &DeviceKey) -> Result<String, Error> {
        let stored = self.lock_nonce().take();
        let nonce = match stored {
            Some(nonce) => nonce,
            None => self.fetch_nonce()?,
        };
        let request = proof::Request { method: call.method.as_str(), path: &call.path, body: &call.body };
        Ok(Proof::sign(signer, request, &nonce, Reading::take().wall)?.to_header())
    }

    /// The server's time, Unix seconds, computed from its last response. This device's clock may be
    /// wrong by hours.
    fn server_now(&self) -> Result<i64, Error> {
        let clock_offset = || *self.clock_offset.lock().unwrap_or_else(PoisonError::into_inner);
        if clock_offset().is_none() {
            let nonce = self.fetch_nonce()?;
            *self.lock_nonce() = Some(nonce);
        }
        Ok(Reading::take().wall + clock_offset().unwrap_or(0))
    }

    fn fetch_nonce(&self) -> Result<String, Error> {
        let query = format!("?nonce={}", to_base64url(&entropy::bytes::<16>()));
        self.attempt(&Call::get("/api/v1/time").query(query), "", false)?;
        self.lock_nonce().take().ok_or_else(|| Code::NotTheServer.into())
    }

    fn lock_nonce(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.nonce.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn is_retryable(code: Code) -> bool {
    matches!(
        code,
        Code::NonceStale
            | Code::RequestTooSlow
            | Code::ServerUnavailable
            | Code::Overloaded
            | Code::OutcomeUnknown
    )
}
