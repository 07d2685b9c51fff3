//! A state change that happens once, however often its request arrives.

use std::marker::PhantomData;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keystead_protocol::Code;
use keystead_protocol::code::Kind;
use keystead_protocol::proof::IDEMPOTENCY_HEADER;
use keystead_storage::{Answer, Digest, Error, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::app::Shared;
use crate::entropy;
use crate::error::ApiError;
use crate::extract::RawRequest;
use crate::principal::Principal;

/// The `Idempotency-Key` of a request.
pub struct IdempotencyKey(uuid::Uuid);

impl FromRequestParts<Shared> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, ApiError> {
        let text = parts.headers.get(IDEMPOTENCY_HEADER).and_then(|value| value.to_str().ok());
        text.and_then(|text| text.parse().ok()).map(Self).ok_or_else(|| Code::IdempotencyKeyMissing.into())
    }
}

impl IntoParams for IdempotencyKey {
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

impl IdempotencyKey {
    /// A new key, for a form's hidden field.
    pub fn fresh() -> String {
        uuid::Builder::from_random_bytes(entropy::bytes()).into_uuid().to_string()
    }
}

impl FromStr for IdempotencyKey {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// What was answered, now or when the request arrived for the first time: a `T` as JSON.
pub struct Answered<T> {
    status: StatusCode,
    body: Vec<u8>,
    value: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Answered<T> {
    /// The answer's value, for a page.
    pub fn value(&self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.body).map_err(|error| Error::Database(Box::new(error)).into())
    }
}

impl<T> IntoResponse for Answered<T> {
    fn into_response(self) -> Response {
        let media_type = HeaderValue::from_static("application/json");
        (self.status, [(header::CONTENT_TYPE, media_type)], self.body).into_response()
    }
}

/// One request of one principal.
pub struct Once {
    key: [u8; 16],
    request: Digest,
    nonce: Option<String>,
    principal: Principal,
}

impl Once {
    /// `principal` is who asks: nobody meets another's answer, and whoever may not ask any more changes nothing. `nonce` is the
    /// proof's.
    pub fn new(
        key: &IdempotencyKey,
        principal: impl Into<Principal>,
        request: &RawRequest,
        nonce: Option<String>,
    ) -> Self {
        let principal = principal.into();
        let mut digest = Sha256::new_with_prefix(b"keystead/request/v1\0");
        digest.update(principal.name().as_bytes());
        digest.update(key.0.as_bytes());
        let key = digest.finalize()[..16].try_into().expect("SHA-256 has 32 bytes");
        let mut digest = Sha256::new_with_prefix(request.method.as_str());
        digest.update([0]);
        digest.update(request.path.as_bytes());
        digest.update([0]);
        digest.update(&request.body);
        Self { key, request: digest.finalize().into(), nonce, principal }
    }

    /// Runs `story` in a transaction and stores its answer with it, or gives the answer that is there already.
    /// The story's `Ok` is committed with the status it names.
    pub async fn run<T, F>(self, app: &Shared, story: F) -> Result<Answered<T>, ApiError>
    where
        T: Serialize,
        F: FnMut(&mut Tx<'_>) -> Result<(StatusCode, T), ApiError> + Send + 'static,
    {
        let (status, body) = match self.kept(app).await? {
            Some(answer) => answer,
            None => match self.begin(app, story).await {
                Ok(answer) => answer,
                // The same request may have been answered since, or a commit whose answer was lost was kept: then this is
                // its answer too.
                Err(error) => match self.kept(app).await {
                    Err(lookup) if lookup.code().kind() == Kind::Server => return Err(error),
                    kept => kept?.ok_or(error)?,
                },
            },
        };
        Ok(Answered { status, body, value: PhantomData })
    }

    async fn begin<T, F>(&self, app: &Shared, mut story: F) -> Result<(StatusCode, Vec<u8>), ApiError>
    where
        T: Serialize,
        F: FnMut(&mut Tx<'_>) -> Result<(StatusCode, T), ApiError> + Send + 'static,
    {
        let (shared, key, request, nonce) = (app.clone(), self.key, self.request, self.nonce.clone());
        let principal = self.principal.clone();
        app.store
            .write(move |tx| {
                principal.recheck(tx, shared.now())?;
                let (status, value) = story(tx)?;
                let body = serde_json::to_vec(&value)
                    .map_err(|error| ApiError::from(Error::Database(Box::new(error))))?;
                let sealed = shared.keys.seal("answer", &key, &body);
                let answer = Answer { request, status: status.as_u16(), body: sealed };
                match tx.insert_answer(&key, nonce.as_deref(), &answer, shared.now()) {
                    // The nonce was used before, or this very request was answered a moment ago.
                    Err(Error::Exists(_)) => Err(Code::NonceStale.into()),
                    stored => Ok(stored.map(|()| (status, body))?),
                }
            })
            .await
    }

    async fn kept(&self, app: &Shared) -> Result<Option<(StatusCode, Vec<u8>)>, ApiError> {
        let key = self.key;
        let answer = app.store.read(move |reader| reader.answer(&key)).await?;
        answer.map(|answer| self.repeat(app, &answer)).transpose()
    }

    fn repeat(&self, app: &Shared, answer: &Answer) -> Result<(StatusCode, Vec<u8>), ApiError> {
        if answer.request != self.request {
            return Err(Code::IdempotencyKeyReused.into());
        }
        let damaged =
            || ApiError::from(Error::Inconsistent { table: "idempotency", what: "unreadable".into() });
        let body = app.keys.open_sealed("answer", &self.key, &answer.body).ok_or_else(damaged)?;
        let status = StatusCode::from_u16(answer.status).map_err(|_| damaged())?;
        Ok((status, body))
    }
}
