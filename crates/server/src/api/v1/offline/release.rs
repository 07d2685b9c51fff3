use axum::extract::State;
use keystead_protocol::api::{Deactivated, Problem, ProveReleaseRequest};

use crate::app::Shared;
use crate::auth::CustomerOrSupport;
use crate::error::ApiError;
use crate::extract::Body;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::prove_release::prove_release;

/// Frees the seat of an installation without a network by the proof that it shows.
#[utoipa::path(
    post,
    path = "/offline/releases",
    params(("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated")),
    request_body = ProveReleaseRequest,
    security(("bearer" = [])),
    tag = "Offline",
    responses(
        (status = 200, description = "Freed", body = Deactivated),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn release(
    State(app): State<Shared>,
    CustomerOrSupport(caller): CustomerOrSupport,
    once: IdempotencyKey,
    body: Body<ProveReleaseRequest>,
) -> Result<Answered<Deactivated>, ApiError> {
    prove_release(&app, &caller, &once, &body.value, &body.request).await
}
