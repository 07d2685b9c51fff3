use axum::extract::State;
use keystead_protocol::api::{ConfirmRequest, OfflineConfirmation, Problem};

use crate::app::Shared;
use crate::auth::CustomerOrSupport;
use crate::error::ApiError;
use crate::extract::Body;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::confirm_offline::confirm_offline;

/// Confirms an installation that has no network: by the owner of the license, or by the vendor with a reason.
///
/// The same installation is confirmed by the same lines again.
#[utoipa::path(
    post,
    path = "/offline/confirmations",
    params(("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated")),
    request_body = ConfirmRequest,
    security(("bearer" = [])),
    tag = "Offline",
    responses(
        (status = 200, description = "Confirmed", body = OfflineConfirmation),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn confirm(
    State(app): State<Shared>,
    CustomerOrSupport(caller): CustomerOrSupport,
    once: IdempotencyKey,
    body: Body<ConfirmRequest>,
) -> Result<Answered<OfflineConfirmation>, ApiError> {
    confirm_offline(&app, &caller, &once, &body.value, &body.request).await
}
