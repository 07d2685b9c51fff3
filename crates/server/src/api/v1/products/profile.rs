use axum::Json;
use axum::extract::State;
use keystead_app::catalog::show_app_profile::show_app_profile;
use keystead_app::context::Shared;
use keystead_protocol::api::AppProfile;

use crate::extract::Slug;
use crate::problem::ApiError;

/// Shows the vendor's data that an application needs.
///
/// Ship it inside the application.
#[utoipa::path(
    get,
    path = "/products/{product}/profile",
    params(("product" = String, Path)),
    operation_id = "show_profile",
    tag = "Application",
    responses(
        (status = 200, description = "The profile", body = AppProfile),
    ),
)]
pub async fn profile(State(app): State<Shared>, Slug(product): Slug) -> Result<Json<AppProfile>, ApiError> {
    Ok(Json(show_app_profile(&app, product).await?))
}
