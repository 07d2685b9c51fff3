use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::DeviceId;

use crate::app::Shared;
use crate::auth::Customer;
use crate::error::ApiError;
use crate::extract::Bare;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::deactivate_device::deactivate_device;

/// Frees all seats of one of the account's devices.
///
/// The product stops there at the next refresh.
#[utoipa::path(
    post,
    path = "/devices/{device}/deactivate",
    params(("device" = DeviceId, Path), IdempotencyKey),
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
    Customer(session): Customer,
    Id(id): Id<DeviceId>,
    once: IdempotencyKey,
    Bare(request): Bare,
) -> Result<Answered<Deactivated>, ApiError> {
    deactivate_device(&app, session, id, &once, &request).await
}
