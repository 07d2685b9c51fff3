use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::{LicenseView, Reason};
use keystead_protocol::id::LicenseId;

use crate::app::Shared;
use crate::auth::{Licenses, Vendor};
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::change_standing::{Change, change_standing, check_reason};

/// Suspends a license.
///
/// Nothing is issued for it until it is resumed.
#[utoipa::path(
    post,
    path = "/licenses/{license}/suspend",
    params(("license" = LicenseId, Path), IdempotencyKey),
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
    once: IdempotencyKey,
    body: Body<Reason>,
) -> Result<Answered<LicenseView>, ApiError> {
    let reason = check_reason(&body.value.reason)?;
    change_standing(&app, &vendor.caller, id, Change::Suspend, &once, reason, &body.request).await
}
