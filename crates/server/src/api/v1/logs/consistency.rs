use axum::Json;
use axum::extract::State;
use keystead_app::audit::transparency_logs::prove_consistency;
use keystead_app::context::Shared;
use keystead_protocol::api::ConsistencyProof;
use keystead_protocol::tlog::Log;
use serde::Deserialize;

use crate::auth::{Read, Vendor};
use crate::extract::{Id, Params};
use crate::problem::ApiError;

/// The sizes of the two trees.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SizeParams {
    /// The size of the smaller tree.
    #[param(example = 1)]
    from: u64,
    /// The size of the larger tree; by default, that of the newest checkpoint.
    #[param(example = 2)]
    to: Option<u64>,
}

/// Proves that a log only grew between two sizes.
#[utoipa::path(
    get,
    path = "/logs/{log}/consistency-proof",
    params(("log" = Log, Path), SizeParams),
    operation_id = "prove_consistency",
    tag = "Logs",
    security(("vendor_token" = ["read"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "The proof", body = ConsistencyProof),
    ),
)]
pub async fn consistency(
    State(app): State<Shared>,
    vendor: Vendor<Read>,
    Id(log): Id<Log>,
    Params(SizeParams { from, to }): Params<SizeParams>,
) -> Result<Json<ConsistencyProof>, ApiError> {
    Ok(Json(prove_consistency(&app, &vendor.principal, log, from, to).await?))
}
