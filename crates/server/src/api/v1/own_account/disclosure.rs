use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use keystead_app::context::Shared;
use keystead_app::licensing::link_license;
use keystead_protocol::api::LinkingDisclosure;

use crate::extract::texts;
use crate::problem::ApiError;

/// Shows which data is stored when a license is linked.
///
/// States which data is stored with the account, and why, in the language of `Accept-Language`.
#[utoipa::path(
    get,
    path = "/linking-disclosure",
    operation_id = "show_linking_disclosure",
    tag = "Accounts",
    responses(
        (status = 200, description = "The text", body = LinkingDisclosure),
    ),
)]
pub async fn disclosure(
    State(app): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<LinkingDisclosure>, ApiError> {
    Ok(Json(link_license::disclosure(&app.tenant.name, texts(&headers))))
}
