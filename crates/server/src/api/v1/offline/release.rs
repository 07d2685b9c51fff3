use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::{Deactivated, ProveReleaseRequest};

use crate::app::Shared;
use crate::auth::CustomerOrSupport;
use crate::error::ApiError;
use crate::extract::Body;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::prove_release::prove_release;

/// Frees the seat of an installation without a network.
///
/// By the proof that the installation shows.
#[utoipa::path(
    post,
    path = "/offline/releases",
    params(IdempotencyKey),
    request_body = ProveReleaseRequest,
    operation_id = "release_installation",
    tag = "Offline",
    security(("account_token" = ["licenses"]), ("vendor_token" = ["support"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "Freed", body = Deactivated),
    ),
    extensions(("x-problems" = json!([Code::InstallationIdMistyped, Code::ReleaseCodeRefused, Code::ActivationReleased, Code::ActivationSuperseded, Code::ActivationRevoked, Code::RebindBudgetExhausted])))
)]
pub async fn release(
    State(app): State<Shared>,
    CustomerOrSupport(caller): CustomerOrSupport,
    once: IdempotencyKey,
    body: Body<ProveReleaseRequest>,
) -> Result<Answered<Deactivated>, ApiError> {
    prove_release(&app, &caller, &once, &body.value, &body.request).await
}
