use axum::Json;
use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::validate::validate;
use keystead_protocol::Code;
use keystead_protocol::api::{SignedValidation, ValidationRequest};

use crate::auth::{Validate, Vendor};
use crate::extract::Body;
use crate::problem::ApiError;

/// Validates a product key, a certificate or an activation.
///
/// The answer is signed. Nothing changes.
#[utoipa::path(
    post,
    path = "/validations",
    request_body = ValidationRequest,
    operation_id = "validate",
    tag = "Validation",
    security(("vendor_token" = ["validate"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "The result", body = SignedValidation),
    ),
    extensions(("x-problems" = json!([Code::SigningPaused])))
)]
pub async fn create(
    State(app): State<Shared>,
    vendor: Vendor<Validate>,
    body: Body<ValidationRequest>,
) -> Result<Json<SignedValidation>, ApiError> {
    Ok(Json(validate(&app, &vendor.principal, body.value).await?))
}
