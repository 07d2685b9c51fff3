use axum::extract::State;
use keystead_protocol::api::{Deactivated, Problem};
use keystead_protocol::id::ActivationId;

use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::Bare;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::release_activation::release_activation;

/// The device gives its seat back.
#[utoipa::path(
    post,
    path = "/activations/{activation}/release",
    params(("activation" = ActivationId, Path), ("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated"), ("keystead-proof" = String, Header, description = "The device's signature over this request")),
    tag = "Activation",
    responses(
        (status = 200, description = "Released", body = Deactivated),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn release(
    State(app): State<Shared>,
    Id(id): Id<ActivationId>,
    once: IdempotencyKey,
    Bare(request): Bare,
) -> Result<Answered<Deactivated>, ApiError> {
    release_activation(&app, id, &once, &request).await
}
