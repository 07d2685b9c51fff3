use axum::extract::State;
use keystead_protocol::api::{Deactivated, Problem};
use keystead_protocol::id::DeviceId;

use crate::app::Shared;
use crate::auth::Customer;
use crate::error::ApiError;
use crate::extract::Bare;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::deactivate_device::deactivate_device;

/// Frees all seats of one of the account's devices. The product stops there at the next refresh.
#[utoipa::path(
    post,
    path = "/devices/{device}/deactivate",
    params(("device" = DeviceId, Path), ("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated")),
    security(("bearer" = [])),
    tag = "Devices",
    responses(
        (status = 200, description = "Deactivated", body = Deactivated),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn deactivate(
    State(app): State<Shared>,
    Customer(session): Customer,
    Id(id): Id<DeviceId>,
    once: IdempotencyKey,
    Bare(request): Bare,
) -> Result<Answered<Deactivated>, ApiError> {
    deactivate_device(&app, session, id, &once, &request).await
}
