use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::offline::prove_release::prove_release;
use keystead_protocol::Code;
use keystead_protocol::api::{Deactivated, ProveReleaseRequest};

use crate::auth::CustomerOrSupport;
use crate::extract::{Body, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Frees the seat of an offline installation.
///
/// Needs the release code that the device displays. The code proves that the device has given up its installation; this call then frees the seat on the server.
#[utoipa::path(
    post,
    path = "/offline/releases",
    params(IdempotencyHeader),
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
    CustomerOrSupport(principal): CustomerOrSupport,
    _: IdempotencyHeader,
    body: Body<ProveReleaseRequest>,
) -> Result<Stored<Deactivated>, ApiError> {
    Ok(Stored(prove_release(&app, &principal, &body.value, &body.request).await?))
}
