use axum::extract::State;
use keystead_protocol::api::{Activated, OpenRequest, Problem};

use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::Body;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::open_offline::open_offline;

/// Gives a certificate to a device that was confirmed without a network and is online for the first time; it signs the request.
#[utoipa::path(
    post,
    path = "/offline/openings",
    params(("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated"), ("keystead-proof" = String, Header, description = "The device's signature over this request")),
    request_body = OpenRequest,
    tag = "Offline",
    responses(
        (status = 200, description = "Opened", body = Activated),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn open(
    State(app): State<Shared>,
    once: IdempotencyKey,
    body: Body<OpenRequest>,
) -> Result<Answered<Activated>, ApiError> {
    open_offline(&app, &once, body.value, &body.request).await
}
