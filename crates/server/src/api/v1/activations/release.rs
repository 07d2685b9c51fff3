use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::release_activation::release_activation;
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::ActivationId;

use crate::extract::{Bare, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Releases the seat.
///
/// Signed by the device.
#[utoipa::path(
    post,
    path = "/activations/{activation}/release",
    params(("activation" = ActivationId, Path), IdempotencyHeader),
    operation_id = "release_activation",
    tag = "Activations",
    security(("device_proof" = [])),
    responses(
        (status = 200, description = "Released", body = Deactivated),
    ),
    extensions(("x-problems" = json!([Code::ActivationReleased, Code::ActivationSuperseded, Code::ActivationRevoked, Code::RebindBudgetExhausted])))
)]
pub async fn release(
    State(app): State<Shared>,
    Id(id): Id<ActivationId>,
    _: IdempotencyHeader,
    Bare(request): Bare,
) -> Result<Stored<Deactivated>, ApiError> {
    Ok(Stored(release_activation(&app, id, &request).await?))
}
