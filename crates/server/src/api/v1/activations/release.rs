use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::ActivationId;

use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::Bare;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::release_activation::release_activation;

/// Gives a device's seat back.
///
/// The device itself asks.
#[utoipa::path(
    post,
    path = "/activations/{activation}/release",
    params(("activation" = ActivationId, Path), IdempotencyKey),
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
    once: IdempotencyKey,
    Bare(request): Bare,
) -> Result<Answered<Deactivated>, ApiError> {
    release_activation(&app, id, &once, &request).await
}
