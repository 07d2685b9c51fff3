use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::rebind_device::rebind_device;
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, RebindRequest};
use keystead_protocol::id::ActivationId;

use crate::auth::Customer;
use crate::extract::{Body, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Moves an activation to the device that signs the request.
///
/// The owner confirms that this is the same device, after a repair or a reinstallation.
#[utoipa::path(
    post,
    path = "/activations/{activation}/rebind",
    params(("activation" = ActivationId, Path), IdempotencyHeader),
    request_body = RebindRequest,
    operation_id = "rebind_activation",
    tag = "Activations",
    security(("account_token" = ["licenses"], "device_proof" = [])),
    responses(
        (status = 200, description = "Moved", body = Activated),
    ),
    extensions(("x-problems" = json!([Code::ConfirmationMissing, Code::ActivationReleased, Code::ActivationSuperseded, Code::ActivationRevoked, Code::RebindNotNeeded, Code::RebindBudgetExhausted, Code::LicenseSuspended, Code::LicenseExpired, Code::LicenseRevoked, Code::SigningPaused])))
)]
pub async fn rebind(
    State(app): State<Shared>,
    Customer(principal): Customer,
    Id(id): Id<ActivationId>,
    _: IdempotencyHeader,
    body: Body<RebindRequest>,
) -> Result<Stored<Activated>, ApiError> {
    Ok(Stored(rebind_device(&app, &principal, id, body.value, &body.request).await?))
}
