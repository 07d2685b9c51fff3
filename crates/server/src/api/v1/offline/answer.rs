use axum::extract::State;
use keystead_protocol::api::{FileAnswer, FileRequest, Problem};

use crate::app::Shared;
use crate::auth::CustomerOrSupport;
use crate::error::ApiError;
use crate::extract::Body;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::answer_file::answer_file;

/// Answers the file of a device that has no network: by the owner of the license, or by the vendor with a reason. A seat that the device
/// gave back is freed on its signature.
///
/// The same file gets the same answer again.
#[utoipa::path(
    post,
    path = "/offline/files",
    params(("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated")),
    request_body = FileRequest,
    security(("bearer" = [])),
    tag = "Offline",
    responses(
        (status = 200, description = "Answered, or the seat is free", body = FileAnswer),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn answer(
    State(app): State<Shared>,
    CustomerOrSupport(caller): CustomerOrSupport,
    once: IdempotencyKey,
    body: Body<FileRequest>,
) -> Result<Answered<FileAnswer>, ApiError> {
    answer_file(&app, &caller, &once, &body.value, &body.request).await
}
