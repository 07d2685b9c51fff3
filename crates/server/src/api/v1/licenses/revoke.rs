use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::change_license_status::{Change, change_license_status, check_reason};
use keystead_protocol::api::{LicenseView, Reason};
use keystead_protocol::id::LicenseId;

use crate::auth::{Licenses, Vendor};
use crate::extract::{Body, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Revokes a license for good.
#[utoipa::path(
    post,
    path = "/licenses/{license}/revoke",
    params(("license" = LicenseId, Path), IdempotencyHeader),
    request_body = Reason,
    operation_id = "revoke_license",
    tag = "Licenses",
    security(("vendor_token" = ["licenses"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "Done", body = LicenseView),
    ),
)]
pub async fn revoke(
    State(app): State<Shared>,
    vendor: Vendor<Licenses>,
    Id(id): Id<LicenseId>,
    _: IdempotencyHeader,
    body: Body<Reason>,
) -> Result<Stored<LicenseView>, ApiError> {
    let reason = check_reason(&body.value.reason)?;
    Ok(Stored(
        change_license_status(&app, &vendor.principal, id, Change::Revoke, reason, &body.request).await?,
    ))
}
