//! Calls of the server's API: who signs, who is signed in, what is repeated.

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
use super::transport::{Answer, Transport};
use super::{date, dpop};
use crate::clock::Reading;
use crate::device_key::DeviceKey;
use crate::{Error, Options, Proxy, entropy};

/// The server's API.
pub struct Api {
    server: String,
    transport: RwLock<Arc<Transport>>,
    nonce: Mutex<Option<String>>,
    /// Seconds by which the server's clock is ahead of this device's, once it is known.
    ahead: Mutex<Option<i64>>,
}

/// One call.
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
    /// Asks for something.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), ..Self::default() }
    }

    /// Changes something, or asks with a body.
    pub fn post(path: impl Into<String>) -> Self {
        Self { method: Method::POST, ..Self::get(path) }
    }

    /// Changes a part of something.
    pub fn patch(path: impl Into<String>) -> Self {
        Self { method: Method::PATCH, ..Self::get(path) }
    }

    /// The query, already encoded.
    pub fn query(self, query: impl Into<String>) -> Self {
        Self { query: query.into(), ..self }
    }

    /// A JSON body.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self { body: serde_json::to_vec(body).unwrap_or_default(), ..self }
    }

    /// The vendor's automation, by its token.
    pub fn bearer(self, token: Option<String>) -> Self {
        Self { bearer: token, ..self }
    }

    /// Who is signed in.
    pub(crate) fn signed_in(self, access: Option<&'a Access>) -> Self {
        Self { access, ..self }
    }

    /// The device that signs.
    pub(crate) fn signed(self, key: &'a DeviceKey) -> Self {
        Self { signer: Some(key), ..self }
    }
}

impl Api {
    /// The API of a server, whose address has no trailing slash.
    pub fn new(server: impl Into<String>, options: &Options) -> Result<Self, Error> {
        let transport = RwLock::new(Arc::new(Transport::new(options, &options.proxy)?));
        Ok(Self { server: server.into(), transport, nonce: Mutex::default(), ahead: Mutex::default() })
    }

    /// From now on by this proxy; what is under way comes to its end as it began.
    pub(crate) fn go_by(&self, options: &Options, proxy: &Proxy) -> Result<(), Error> {
        let transport = Arc::new(Transport::new(options, proxy)?);
        *self.transport.write().unwrap_or_else(PoisonError::into_inner) = transport;
        Ok(())
    }

    fn transport(&self) -> Arc<Transport> {
        Arc::clone(&self.transport.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Calls and reads the JSON answer. A lost answer is asked for again under the same key, so nothing is done twice.
    pub fn call<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, Error> {
        let (_, bytes) = self.exchange(call)?;
        serde_json::from_slice(&bytes).map_err(|error| Error::new(Code::NotTheServer, error))
    }

    /// Like [`Api::call`], with the status.
    pub(crate) fn exchange(&self, call: &Call<'_>) -> Result<(u16, Vec<u8>), Error> {
        let key = uuid::Builder::from_random_bytes(entropy::bytes()).into_uuid().to_string();
        let mut attempts = 0;
        loop {
            attempts += 1;
            match self.attempt(call, &key, false).and_then(|mut answer| Ok((answer.status, answer.bytes()?)))
            {
                Err(error) if attempts < 3 && is_worth_repeating(error.code) => {}
                outcome => return outcome,
            }
        }
    }

    /// Orders product keys and hands each line to `each` as it arrives.
    pub fn make_keys(&self, call: &Call<'_>, mut each: impl FnMut(KeyBatchLine)) -> Result<(), Error> {
        let answer = self.attempt(call, "", true)?;
        let reader = BufReader::new(answer.body.into_reader());
        for line in reader.lines() {
            let line = line.map_err(|error| Error::new(Code::ServerUnavailable, error))?;
            each(serde_json::from_str(&line).map_err(|error| Error::new(Code::NotTheServer, error))?);
        }
        Ok(())
    }

    /// Posts a form, as OAuth wants it; what OAuth calls an error is given back as it is. Tokens that it gives are bound to `key`.
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
        let mut answer = self.transport().send(Method::POST, &url, &headers, body.as_bytes(), false)?;
        if answer.status != 200 && !answer.is_json() {
            return Err(answer.stranger());
        }
        let bytes = answer.bytes()?;
        if answer.status == 200 && bytes.is_empty() {
            return Ok(Ok(Value::Null));
        }
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|error| Error::new(Code::NotTheServer, error))?;
        if value["error"].is_string() {
            return Ok(Err(value));
        }
        // What stands before the authorization server, as the limits on requests, has its own form.
        match serde_json::from_value::<Problem>(value.clone()) {
            Ok(problem) if answer.status >= 400 => Err(answer.with_wait(problem.into())),
            _ => Ok(Ok(value)),
        }
    }

    fn attempt(&self, call: &Call<'_>, key: &str, endless: bool) -> Result<Answer, Error> {
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
        let mut answer = self.transport().send(call.method.clone(), &url, &headers, &call.body, endless)?;
        if let Some(at) = answer.header("date").and_then(date::parse) {
            *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Some(at - Reading::take().wall);
        }
        if let Some(nonce) = answer.header(NONCE_HEADER) {
            *self.lock_nonce() = Some(nonce.to_owned());
        }
        if !answer.is_json() {
            return Err(answer.stranger());
        }
        if answer.status < 400 {
            return Ok(answer);
        }
        let problem =
            answer.header("content-type").is_some_and(|media| media.starts_with(PROBLEM_MEDIA_TYPE));
        let bytes = answer.bytes()?;
        match serde_json::from_slice::<Problem>(&bytes) {
            Ok(body) if problem => Err(answer.with_wait(body.into())),
            _ => Err(answer.stranger()),
        }
    }

    fn proof(&self, call: &Call<'_>, signer: &DeviceKey) -> Result<String, Error> {
        let kept = self.lock_nonce().take();
        let nonce = match kept {
            Some(nonce) => nonce,
            None => self.fetch_nonce()?,
        };
        let request = proof::Request { method: call.method.as_str(), path: &call.path, body: &call.body };
        Ok(Proof::sign(signer, request, &nonce, Reading::take().wall)?.to_header())
    }

    /// The server's time, Unix seconds, as far as it says it; a device's clock may be wrong by hours.
    fn server_now(&self) -> Result<i64, Error> {
        let ahead = || *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        if ahead().is_none() {
            let nonce = self.fetch_nonce()?;
            *self.lock_nonce() = Some(nonce);
        }
        Ok(Reading::take().wall + ahead().unwrap_or(0))
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

const fn is_worth_repeating(code: Code) -> bool {
    matches!(
        code,
        Code::NonceStale
            | Code::RequestTooSlow
            | Code::ServerUnavailable
            | Code::Overloaded
            | Code::OutcomeUnknown
    )
}
