use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::unlink_license::unlink_license;
use keystead_protocol::Code;
use keystead_protocol::api::NewKey;
use keystead_protocol::id::LicenseId;

use crate::auth::Owner;
use crate::extract::{Bare, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Unlinks a license from the signed-in account.
///
/// The response contains the license's new product key, which is shown only once. Requires a sign-in within the last ten minutes (RFC 9470).
#[utoipa::path(
    post,
    path = "/licenses/{license}/unlink",
    params(("license" = LicenseId, Path), IdempotencyHeader),
    operation_id = "unlink_license",
    tag = "Licenses",
    security(("account_token" = ["licenses", "ownership"])),
    responses(
        (status = 200, description = "Unlinked", body = NewKey),
    ),
    extensions(("x-problems" = json!([Code::ReauthenticationRequired])))
)]
pub async fn unlink(
    State(app): State<Shared>,
    Owner(principal): Owner,
    Id(id): Id<LicenseId>,
    _: IdempotencyHeader,
    Bare(request): Bare,
) -> Result<Stored<NewKey>, ApiError> {
    Ok(Stored(unlink_license(&app, &principal, id, &request).await?))
}
