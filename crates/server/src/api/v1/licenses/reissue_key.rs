use axum::extract::State;
use keystead_protocol::api::{NewKey, Reason};
use keystead_protocol::id::LicenseId;

use crate::app::Shared;
use crate::auth::{Keys, Vendor};
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::change_standing::check_reason;
use crate::operation::unlink_license;

/// Replaces a leaked product key.
///
/// License, owner and devices stay. The new key is shown this once.
#[utoipa::path(
    post,
    path = "/licenses/{license}/reissue-key",
    params(("license" = LicenseId, Path), IdempotencyKey),
    request_body = Reason,
    operation_id = "reissue_key",
    tag = "Licenses",
    security(("vendor_token" = ["keys"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "Replaced", body = NewKey),
    ),
)]
pub async fn reissue_key(
    State(app): State<Shared>,
    vendor: Vendor<Keys>,
    Id(id): Id<LicenseId>,
    once: IdempotencyKey,
    body: Body<Reason>,
) -> Result<Answered<NewKey>, ApiError> {
    let reason = check_reason(&body.value.reason)?;
    unlink_license::reissue_key(&app, &vendor.caller, id, &once, reason, &body.request).await
}
