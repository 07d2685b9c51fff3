use axum::Json;
use axum::extract::State;
use keystead_app::audit::transparency_logs::show_checkpoint;
use keystead_app::context::Shared;
use keystead_protocol::api::LogCheckpoint;
use keystead_protocol::tlog::Log;

use crate::auth::{Read, Vendor};
use crate::extract::Id;
use crate::problem::ApiError;

/// Shows the newest checkpoint of a log.
///
/// New entries are included about a second after their transaction.
#[utoipa::path(
    get,
    path = "/logs/{log}/checkpoint",
    params(("log" = Log, Path)),
    operation_id = "show_checkpoint",
    tag = "Logs",
    security(("vendor_token" = ["read"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "The checkpoint", body = LogCheckpoint),
    ),
)]
pub async fn checkpoint(
    State(app): State<Shared>,
    vendor: Vendor<Read>,
    Id(log): Id<Log>,
) -> Result<Json<LogCheckpoint>, ApiError> {
    Ok(Json(show_checkpoint(&app, &vendor.principal, log).await?))
}
