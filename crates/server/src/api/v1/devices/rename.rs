use axum::extract::State;
use keystead_protocol::api::{DeviceView, RenameRequest};
use keystead_protocol::id::DeviceId;

use crate::app::Shared;
use crate::auth::Customer;
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::rename_device::rename_device;

/// Gives one of the account's devices another name.
///
/// The name that its owner knows it by; the device keeps its own.
#[utoipa::path(
    patch,
    path = "/devices/{device}",
    params(("device" = DeviceId, Path), IdempotencyKey),
    request_body = RenameRequest,
    operation_id = "rename_device",
    tag = "Devices",
    security(("account_token" = ["licenses"])),
    responses(
        (status = 200, description = "Renamed", body = DeviceView),
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
