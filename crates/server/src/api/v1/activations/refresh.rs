use axum::extract::State;
use keystead_protocol::api::{Activated, HardwareChange, Problem, RefreshRequest};
use keystead_protocol::id::ActivationId;

use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::refresh_certificate::{Answer, refresh_certificate};

/// A fresh certificate for a device that is still the same.
///
/// 202 tells that the hardware changed significantly, or that two copies are in use; its owner decides then.
#[utoipa::path(
    post,
    path = "/activations/{activation}/refresh",
    params(("activation" = ActivationId, Path), ("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated"), ("keystead-proof" = String, Header, description = "The device's signature over this request")),
    request_body = RefreshRequest,
    tag = "Activation",
    responses(
        (status = 200, description = "Refreshed", body = Activated),
        (status = 202, description = "The owner must confirm the device", body = HardwareChange),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn refresh(
    State(app): State<Shared>,
    Id(id): Id<ActivationId>,
    once: IdempotencyKey,
    body: Body<RefreshRequest>,
) -> Result<Answered<Answer>, ApiError> {
    refresh_certificate(&app, id, &once, body.value, &body.request).await
}
