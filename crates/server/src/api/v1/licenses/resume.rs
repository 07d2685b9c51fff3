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

/// Lifts a license's suspension.
#[utoipa::path(
    post,
    path = "/licenses/{license}/resume",
    params(("license" = LicenseId, Path), IdempotencyKey),
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
    once: IdempotencyKey,
    body: Body<Reason>,
) -> Result<Answered<LicenseView>, ApiError> {
    let reason = check_reason(&body.value.reason)?;
    change_standing(&app, &vendor.caller, id, Change::Resume, &once, reason, &body.request).await
}
