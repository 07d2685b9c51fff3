use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::offline::confirm_offline::confirm_offline;
use keystead_protocol::Code;
use keystead_protocol::api::{ConfirmRequest, OfflineConfirmation};

use crate::auth::CustomerOrSupport;
use crate::extract::{Body, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Confirms an offline installation by its Installation ID.
///
/// For the owner of the license, or for the vendor with a reason. Repeated requests for the same Installation ID return the same lines.
#[utoipa::path(
    post,
    path = "/offline/confirmations",
    params(IdempotencyHeader),
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
    CustomerOrSupport(principal): CustomerOrSupport,
    _: IdempotencyHeader,
    body: Body<ConfirmRequest>,
) -> Result<Stored<OfflineConfirmation>, ApiError> {
    Ok(Stored(confirm_offline(&app, &principal, &body.value, &body.request).await?))
}
