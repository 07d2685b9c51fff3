use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::rename_device::rename_device;
use keystead_protocol::api::{DeviceView, RenameRequest};
use keystead_protocol::id::DeviceId;

use crate::auth::Customer;
use crate::extract::{Body, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Renames one of the account's devices.
///
/// Replaces the name that was given at activation.
#[utoipa::path(
    patch,
    path = "/devices/{device}",
    params(("device" = DeviceId, Path), IdempotencyHeader),
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
    Customer(principal): Customer,
    Id(id): Id<DeviceId>,
    _: IdempotencyHeader,
    body: Body<RenameRequest>,
) -> Result<Stored<DeviceView>, ApiError> {
    Ok(Stored(rename_device(&app, &principal, id, &body.value, &body.request).await?))
}
