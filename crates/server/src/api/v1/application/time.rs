use axum::Json;
use axum::extract::State;
use keystead_app::catalog::show_app_profile::show_time;
use keystead_app::context::Shared;
use keystead_protocol::Code;
use keystead_protocol::api::TimeView;

use crate::api::v1::TimeParams;
use crate::extract::Params;
use crate::problem::ApiError;

/// Signs the server's time together with the client's nonce.
///
/// Also returns the statements of the keys that sign certificates. Every response contains a `Keystead-Nonce` for the next proof.
#[utoipa::path(
    get,
    path = "/time",
    params(("nonce" = String, Query, description = "16 random bytes, base64url", pattern = "^[A-Za-z0-9_-]{21}[AQgw]$")),
    operation_id = "show_time",
    tag = "Application",
    responses(
        (status = 200, description = "The time", body = TimeView),
    ),
    extensions(("x-problems" = json!([Code::SigningPaused])))
)]
pub async fn time(
    State(app): State<Shared>,
    Params(asked): Params<TimeParams>,
) -> Result<Json<TimeView>, ApiError> {
    Ok(Json(show_time(&app, &asked.nonce)?))
}
