use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::change_license_status::{Change, change_license_status, check_reason};
use keystead_protocol::Code;
use keystead_protocol::api::{LicenseView, Reason};
use keystead_protocol::id::LicenseId;

use crate::auth::{Licenses, Vendor};
use crate::extract::{Body, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Suspends a license.
///
/// Nothing is issued for it until it is resumed.
#[utoipa::path(
    post,
    path = "/licenses/{license}/suspend",
    params(("license" = LicenseId, Path), IdempotencyHeader),
    request_body = Reason,
    operation_id = "suspend_license",
    tag = "Licenses",
    security(("vendor_token" = ["licenses"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "Done", body = LicenseView),
    ),
    extensions(("x-problems" = json!([Code::LicenseRevoked])))
)]
pub async fn suspend(
    State(app): State<Shared>,
    vendor: Vendor<Licenses>,
    Id(id): Id<LicenseId>,
    _: IdempotencyHeader,
    body: Body<Reason>,
) -> Result<Stored<LicenseView>, ApiError> {
    let reason = check_reason(&body.value.reason)?;
    Ok(Stored(
        change_license_status(&app, &vendor.principal, id, Change::Suspend, reason, &body.request).await?,
    ))
}
