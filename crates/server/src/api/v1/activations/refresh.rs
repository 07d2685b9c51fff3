use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::refresh_certificate::{Answer, refresh_certificate};
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OwnerNeeded, RefreshRequest};
use keystead_protocol::id::ActivationId;

use crate::extract::{Body, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Issues a new certificate to a device whose hardware still matches.
///
/// Status 202 means that the hardware changed significantly or that two copies are in use. The owner must then decide.
#[utoipa::path(
    post,
    path = "/activations/{activation}/refresh",
    params(("activation" = ActivationId, Path), IdempotencyHeader),
    request_body = RefreshRequest,
    operation_id = "refresh_activation",
    tag = "Activations",
    security(("device_proof" = [])),
    responses(
        (status = 200, description = "Refreshed", body = Activated),
        (status = 202, description = "The owner must confirm the device", body = OwnerNeeded),
    ),
    extensions(("x-problems" = json!([Code::ActivationReleased, Code::ActivationSuperseded, Code::ActivationRevoked, Code::ForkDetected, Code::LicenseSuspended, Code::LicenseExpired, Code::LicenseRevoked, Code::SigningPaused])))
)]
pub async fn refresh(
    State(app): State<Shared>,
    Id(id): Id<ActivationId>,
    _: IdempotencyHeader,
    body: Body<RefreshRequest>,
) -> Result<Stored<Answer>, ApiError> {
    Ok(Stored(refresh_certificate(&app, id, body.value, &body.request).await?))
}
