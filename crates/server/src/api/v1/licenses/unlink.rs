use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::NewKey;
use keystead_protocol::id::LicenseId;

use crate::app::Shared;
use crate::auth::Owner;
use crate::error::ApiError;
use crate::extract::Bare;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::unlink_license::unlink_license;

/// Takes a license off the signed-in account.
///
/// The answer holds its new product key, shown this once. Needs a sign-in of the last ten minutes (RFC 9470).
#[utoipa::path(
    post,
    path = "/licenses/{license}/unlink",
    params(("license" = LicenseId, Path), IdempotencyKey),
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
    Owner(session): Owner,
    Id(id): Id<LicenseId>,
    once: IdempotencyKey,
    Bare(request): Bare,
) -> Result<Answered<NewKey>, ApiError> {
    unlink_license(&app, session, id, &once, &request).await
}
