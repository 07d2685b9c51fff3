use axum::extract::State;
use keystead_protocol::api::{DeviceView, Problem, RenameRequest};
use keystead_protocol::id::DeviceId;

use crate::app::Shared;
use crate::auth::Customer;
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::rename_device::rename_device;

/// Gives one of the account's devices another name.
#[utoipa::path(
    patch,
    path = "/devices/{device}",
    params(("device" = DeviceId, Path), ("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated")),
    request_body = RenameRequest,
    security(("bearer" = [])),
    tag = "Devices",
    responses(
        (status = 200, description = "Renamed", body = DeviceView),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn rename(
    State(app): State<Shared>,
    Customer(session): Customer,
    Id(id): Id<DeviceId>,
    once: IdempotencyKey,
    body: Body<RenameRequest>,
) -> Result<Answered<DeviceView>, ApiError> {
    rename_device(&app, session, id, &once, &body.value, &body.request).await
}
