use axum::extract::State;
use keystead_protocol::api::{NewKey, Problem};
use keystead_protocol::id::LicenseId;

use crate::app::Shared;
use crate::auth::Owner;
use crate::error::ApiError;
use crate::extract::Bare;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::unlink_license::unlink_license;

/// Takes a license off the signed-in account. The answer holds its new product key, shown this once. Needs the scope `ownership`
/// and a sign-in of the last ten minutes (RFC 9470).
#[utoipa::path(
    post,
    path = "/licenses/{license}/unlink",
    params(("license" = LicenseId, Path), ("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated")),
    security(("bearer" = [])),
    tag = "Licenses",
    responses(
        (status = 200, description = "Unlinked", body = NewKey),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
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
