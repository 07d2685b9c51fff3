use axum::Json;
use axum::extract::State;
use keystead_protocol::api::{AppProfile, Problem};

use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::Slug;
use crate::operation::show_profile::show_profile;

/// What an application must know of its vendor, to be shipped inside it.
#[utoipa::path(
    get,
    path = "/products/{product}/profile",
    params(("product" = String, Path)),
    tag = "Application",
    responses(
        (status = 200, description = "The profile", body = AppProfile),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn profile(State(app): State<Shared>, Slug(product): Slug) -> Result<Json<AppProfile>, ApiError> {
    show_profile(&app, product).await.map(Json)
}
