use axum::extract::State;
use keystead_protocol::api::{Problem, SignOutRequest, SignedOut};

use crate::app::Shared;
use crate::auth::{Accounts, Vendor};
use crate::error::ApiError;
use crate::extract::Body;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::manage_accounts;

/// Signs an account out of every browser and application.
#[utoipa::path(
    post,
    path = "/accounts/sign-out",
    params(("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated")),
    request_body = SignOutRequest,
    security(("bearer" = [])),
    tag = "Vendor",
    responses(
        (status = 200, description = "Signed out", body = SignedOut),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn sign_out(
    State(app): State<Shared>,
    vendor: Vendor<Accounts>,
    once: IdempotencyKey,
    body: Body<SignOutRequest>,
) -> Result<Answered<SignedOut>, ApiError> {
    manage_accounts::sign_out(&app, &vendor.caller, &once, &body.value, &body.request).await
}
