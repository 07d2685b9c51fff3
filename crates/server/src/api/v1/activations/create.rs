use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::activate_device::activate_device;
use keystead_protocol::Code;
use keystead_protocol::api::{ActivateRequest, Activated};

use crate::auth::Auth;
use crate::extract::{Body, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Activates the device that signs the request.
///
/// Requires a product key, or the sign-in of a license owner.
#[utoipa::path(
    post,
    path = "/activations",
    params(IdempotencyHeader),
    request_body = ActivateRequest,
    operation_id = "create_activation",
    tag = "Activations",
    security(("device_proof" = []), ("device_proof" = [], "account_token" = ["licenses"])),
    responses(
        (status = 201, description = "Activated", body = Activated),
    ),
    extensions(("x-problems" = json!([Code::SignInRequired, Code::AccountRequired, Code::NotFound, Code::ProductKeyMistyped, Code::ProductKeyNotAccepted, Code::ProductKeyOtherProduct, Code::OwnerOnly, Code::NoFreeSeat, Code::ReinstallBudgetExhausted, Code::NoLicense, Code::LicenseSuspended, Code::LicenseExpired, Code::LicenseRevoked, Code::SigningPaused])))
)]
pub async fn create(
    State(app): State<Shared>,
    Auth(principal): Auth,
    _: IdempotencyHeader,
    body: Body<ActivateRequest>,
) -> Result<Stored<Activated>, ApiError> {
    Ok(Stored(activate_device(&app, &principal, body.value, &body.request).await?))
}
