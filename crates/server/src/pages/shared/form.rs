//! Forms whose effect must happen once. A hidden field contains the idempotency key.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use keystead_app::context::Shared;
use keystead_app::request::SignedRequest;
use keystead_protocol::Code;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::extract::Bare;
use crate::problem::ApiError;

/// A form with its hidden field `once`.
pub struct Submitted<T> {
    /// The typed values.
    pub value: T,
    /// The request with the form's idempotency key. Pressing the button twice sends the same key.
    pub request: SignedRequest,
}

#[derive(Deserialize)]
struct Hidden {
    once: String,
}

impl<T: DeserializeOwned> FromRequest<Shared> for Submitted<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let Bare(bare) = Bare::from_request_parts(&mut parts, app).await?;
        let body = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| ApiError::from(Code::BodyTooLarge))?;
        let malformed = |error| ApiError::with_detail(Code::MalformedRequest, error);
        let value = serde_urlencoded::from_bytes(&body).map_err(malformed)?;
        let hidden: Hidden = serde_urlencoded::from_bytes(&body).map_err(malformed)?;
        let key = hidden.once.parse().map_err(|_| ApiError::from(Code::IdempotencyKeyMissing))?;
        Ok(Self { value, request: SignedRequest { idempotency_key: Some(key), body, ..bare } })
    }
}
