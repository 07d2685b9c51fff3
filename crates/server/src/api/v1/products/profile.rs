use axum::Json;
use axum::extract::State;
use keystead_protocol::api::AppProfile;

use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::Slug;
use crate::operation::show_profile::show_profile;

/// Shows what an application must know of its vendor.
///
/// To be shipped inside the application.
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
    show_profile(&app, product).await.map(Json)
}
