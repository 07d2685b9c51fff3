use axum::extract::State;
use keystead_protocol::api::{ActivateRequest, Activated, Problem};

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::ClientIp;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::activate_device::activate_device;

/// Activates the device that signs the request: with a product key, or without one as the signed-in owner.
#[utoipa::path(
    post,
    path = "/activations",
    params(("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated"), ("keystead-proof" = String, Header, description = "The device's signature over this request")),
    request_body = ActivateRequest,
    tag = "Activation",
    responses(
        (status = 201, description = "Activated", body = Activated),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
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
