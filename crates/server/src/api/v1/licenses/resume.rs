use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::change_license_status::{Change, change_license_status, check_reason};
use keystead_protocol::Code;
use keystead_protocol::api::{LicenseView, Reason};
use keystead_protocol::id::LicenseId;

use crate::auth::{Licenses, Vendor};
use crate::extract::{Body, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Lifts a license's suspension.
#[utoipa::path(
    post,
    path = "/licenses/{license}/resume",
    params(("license" = LicenseId, Path), IdempotencyHeader),
    request_body = Reason,
    operation_id = "resume_license",
    tag = "Licenses",
    security(("vendor_token" = ["licenses"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "Done", body = LicenseView),
    ),
    extensions(("x-problems" = json!([Code::LicenseRevoked])))
)]
pub async fn resume(
    State(app): State<Shared>,
    vendor: Vendor<Licenses>,
    Id(id): Id<LicenseId>,
    _: IdempotencyHeader,
    body: Body<Reason>,
) -> Result<Stored<LicenseView>, ApiError> {
    let reason = check_reason(&body.value.reason)?;
    Ok(Stored(
        change_license_status(&app, &vendor.principal, id, Change::Resume, reason, &body.request).await?,
    ))
}
