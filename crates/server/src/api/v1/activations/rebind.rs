use axum::extract::State;
use keystead_protocol::api::{Activated, Problem, RebindRequest};
use keystead_protocol::id::ActivationId;

use crate::app::Shared;
use crate::auth::Customer;
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::rebind_device::rebind_device;

/// "This is the device I am using now": the owner moves the activation to the device that signs the request.
#[utoipa::path(
    post,
    path = "/activations/{activation}/rebind",
    params(("activation" = ActivationId, Path), ("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated"), ("keystead-proof" = String, Header, description = "The device's signature over this request")),
    request_body = RebindRequest,
    security(("bearer" = [])),
    tag = "Activation",
    responses(
        (status = 200, description = "Moved", body = Activated),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn rebind(
    State(app): State<Shared>,
    Customer(session): Customer,
    Id(id): Id<ActivationId>,
    once: IdempotencyKey,
    body: Body<RebindRequest>,
) -> Result<Answered<Activated>, ApiError> {
    rebind_device(&app, session, id, &once, body.value, &body.request).await
}
