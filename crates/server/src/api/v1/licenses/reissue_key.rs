use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::change_license_status::check_reason;
use keystead_app::licensing::unlink_license;
use keystead_protocol::api::{NewKey, Reason};
use keystead_protocol::id::LicenseId;

use crate::auth::{Keys, Vendor};
use crate::extract::{Body, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Replaces a leaked product key.
///
/// The license, its owner and its devices stay. The new key is shown only once.
#[utoipa::path(
    post,
    path = "/licenses/{license}/reissue-key",
    params(("license" = LicenseId, Path), IdempotencyHeader),
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
    _: IdempotencyHeader,
    body: Body<Reason>,
) -> Result<Stored<NewKey>, ApiError> {
    let reason = check_reason(&body.value.reason)?;
    Ok(Stored(unlink_license::reissue_key(&app, &vendor.principal, id, reason, &body.request).await?))
}
