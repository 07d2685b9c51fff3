use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::{ConfirmRequest, OfflineConfirmation};

use crate::app::Shared;
use crate::auth::CustomerOrSupport;
use crate::error::ApiError;
use crate::extract::Body;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::confirm_offline::confirm_offline;

/// Confirms an installation that has no network.
///
/// By the owner of the license, or by the vendor with a reason. The same installation is confirmed by the same lines again.
#[utoipa::path(
    post,
    path = "/offline/confirmations",
    params(IdempotencyKey),
    request_body = ConfirmRequest,
    operation_id = "confirm_installation",
    tag = "Offline",
    security(("account_token" = ["licenses"]), ("vendor_token" = ["support"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "Confirmed", body = OfflineConfirmation),
    ),
    extensions(("x-problems" = json!([Code::NotFound, Code::InstallationIdMistyped, Code::InstallationUsed, Code::NoFreeSeat, Code::ReinstallBudgetExhausted, Code::ProlongationUnknown, Code::LicenseSuspended, Code::LicenseExpired, Code::LicenseRevoked])))
)]
pub async fn confirm(
    State(app): State<Shared>,
    CustomerOrSupport(caller): CustomerOrSupport,
    once: IdempotencyKey,
    body: Body<ConfirmRequest>,
) -> Result<Answered<OfflineConfirmation>, ApiError> {
    confirm_offline(&app, &caller, &once, &body.value, &body.request).await
}
