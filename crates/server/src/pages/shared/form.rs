//! Forms and link queries shared by several pages.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use keystead_app::accounts::reauthentication::Reauthentication;
use keystead_app::context::Shared;
use keystead_app::request::SignedRequest;
use keystead_protocol::Code;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::extract::Bare;
use crate::problem::ApiError;

/// A form whose effect must happen once. Its hidden field `once` contains the idempotency key.
pub struct IdempotentForm<T> {
    /// The typed values.
    pub value: T,
    /// The request with the form's idempotency key. Pressing the button twice sends the same key.
    pub request: SignedRequest,
}

/// The one-time secret of a link in an email.
#[derive(Deserialize)]
pub struct EmailLinkQuery {
    /// The secret; empty if the link lacks it.
    #[serde(default)]
    pub token: String,
}

/// Password and second-factor code, required again before a sensitive change.
#[derive(Deserialize)]
pub struct CredentialsForm {
    password: String,
    #[serde(default)]
    code: String,
}

impl From<CredentialsForm> for Reauthentication {
    fn from(form: CredentialsForm) -> Self {
        Self { password: Zeroizing::new(form.password), code: form.code }
    }
}

/// An email address, and the credentials of the person who submits the form.
#[derive(Deserialize)]
pub struct AddressForm {
    /// The address.
    pub email: String,
    /// The credentials.
    #[serde(flatten)]
    pub credentials: CredentialsForm,
}

#[derive(Deserialize)]
struct Hidden {
    once: String,
}

impl<T: DeserializeOwned> FromRequest<Shared> for IdempotentForm<T> {
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
