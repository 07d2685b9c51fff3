use axum::Json;
use axum::extract::State;
use keystead_app::audit::transparency_logs::prove_inclusion;
use keystead_app::context::Shared;
use keystead_protocol::api::InclusionProof;
use keystead_protocol::tlog::Log;
use serde::Deserialize;

use crate::auth::{Read, Vendor};
use crate::extract::{Id, Params};
use crate::problem::ApiError;

/// The entry to prove.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntryParams {
    /// A certificate's id in hexadecimal, or an audit event's id.
    #[param(example = "019aa5e0c8007b1c9d2e3f4a5b6c7d8e")]
    entry: String,
}

/// Proves that an entry is in a log.
///
/// Returns `not_found` for a certificate or an event that the log does not contain yet.
#[utoipa::path(
    get,
    path = "/logs/{log}/inclusion-proof",
    params(("log" = Log, Path), EntryParams),
    operation_id = "prove_inclusion",
    tag = "Logs",
    security(("vendor_token" = ["read"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "The proof", body = InclusionProof),
    ),
)]
pub async fn inclusion(
    State(app): State<Shared>,
    vendor: Vendor<Read>,
    Id(log): Id<Log>,
    Params(EntryParams { entry }): Params<EntryParams>,
) -> Result<Json<InclusionProof>, ApiError> {
    Ok(Json(prove_inclusion(&app, &vendor.principal, log, &entry).await?))
}
