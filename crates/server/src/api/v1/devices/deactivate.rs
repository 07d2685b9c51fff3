use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::remove_device::remove_device;
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::DeviceId;

use crate::auth::Customer;
use crate::extract::{Bare, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Releases all seats of one of the account's devices.
///
/// The product stops working on the device at its next refresh, or at `stops_by` if the device stays offline.
#[utoipa::path(
    post,
    path = "/devices/{device}/deactivate",
    params(("device" = DeviceId, Path), IdempotencyHeader),
    operation_id = "deactivate_device",
    tag = "Devices",
    security(("account_token" = ["licenses"])),
    responses(
        (status = 200, description = "Deactivated", body = Deactivated),
    ),
    extensions(("x-problems" = json!([Code::RebindBudgetExhausted])))
)]
pub async fn deactivate(
    State(app): State<Shared>,
    Customer(principal): Customer,
    Id(id): Id<DeviceId>,
    _: IdempotencyHeader,
    Bare(request): Bare,
) -> Result<Stored<Deactivated>, ApiError> {
    Ok(Stored(remove_device(&app, &principal, id, &request).await?))
}
