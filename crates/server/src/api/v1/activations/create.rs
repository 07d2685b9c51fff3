use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::{ActivateRequest, Activated};

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::ClientIp;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::activate_device::activate_device;

/// Activates the device that signs the request.
///
/// By a product key, or without one as the signed-in owner of a license.
#[utoipa::path(
    post,
    path = "/activations",
    params(IdempotencyKey),
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
    caller: Caller,
    ClientIp(from): ClientIp,
    once: IdempotencyKey,
    body: Body<ActivateRequest>,
) -> Result<Answered<Activated>, ApiError> {
    activate_device(&app, &caller, from, &once, body.value, &body.request).await
}
