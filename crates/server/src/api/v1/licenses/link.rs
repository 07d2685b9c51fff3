use axum::extract::State;
use keystead_protocol::api::{LicenseView, LinkRequest, Problem};
use keystead_protocol::id::LicenseId;

use crate::app::Shared;
use crate::auth::Customer;
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::ClientIp;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::link_license::link_license;

/// Links a license to the signed-in account, on the word of an activated device (which signs the request) or of the product key.
#[utoipa::path(
    post,
    path = "/licenses/{license}/link",
    params(("license" = LicenseId, Path), ("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated")),
    request_body = LinkRequest,
    security(("bearer" = [])),
    tag = "Licenses",
    responses(
        (status = 200, description = "Linked", body = LicenseView),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn link(
    State(app): State<Shared>,
    Customer(session): Customer,
    ClientIp(from): ClientIp,
    Id(id): Id<LicenseId>,
    once: IdempotencyKey,
    body: Body<LinkRequest>,
) -> Result<Answered<LicenseView>, ApiError> {
    link_license(&app, session, id, from, &once, &body.value, &body.request).await
}
