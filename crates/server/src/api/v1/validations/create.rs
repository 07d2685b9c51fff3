use axum::Json;
use axum::extract::State;
use keystead_protocol::api::{Problem, SignedValidation, ValidationRequest};

use crate::app::Shared;
use crate::auth::{Validate, Vendor};
use crate::error::ApiError;
use crate::extract::Body;
use crate::operation::validate::validate;

/// Whether a product key, a certificate or an activation is valid, as a signed answer; nothing changes.
#[utoipa::path(
    post,
    path = "/validations",
    request_body = ValidationRequest,
    security(("bearer" = [])),
    tag = "Vendor",
    responses(
        (status = 200, description = "What is known", body = SignedValidation),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(app): State<Shared>,
    _: Vendor<Validate>,
    body: Body<ValidationRequest>,
) -> Result<Json<SignedValidation>, ApiError> {
    validate(&app, body.value).await.map(Json)
}
