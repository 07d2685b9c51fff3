use axum::Json;
use axum::extract::State;
use keystead_protocol::api::{PolicyView, Problem};

use crate::app::Shared;
use crate::auth::{Read, Vendor};
use crate::error::ApiError;
use crate::extract::Slug;
use crate::operation::list;

/// The policies of a product.
#[utoipa::path(
    get,
    path = "/products/{product}/policies",
    params(("product" = String, Path)),
    security(("bearer" = [])),
    tag = "Vendor",
    responses(
        (status = 200, description = "All of them", body = Vec<PolicyView>),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn list(
    State(app): State<Shared>,
    _: Vendor<Read>,
    Slug(product): Slug,
) -> Result<Json<Vec<PolicyView>>, ApiError> {
    list::policies(&app, product).await.map(Json)
}
