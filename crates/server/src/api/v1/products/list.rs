use axum::Json;
use axum::extract::State;
use keystead_protocol::api::{Problem, ProductView};

use crate::app::Shared;
use crate::auth::{Read, Vendor};
use crate::error::ApiError;
use crate::operation::list;

/// All products.
#[utoipa::path(
    get,
    path = "/products",
    security(("bearer" = [])),
    tag = "Vendor",
    responses(
        (status = 200, description = "All products", body = Vec<ProductView>),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn list(State(app): State<Shared>, _: Vendor<Read>) -> Result<Json<Vec<ProductView>>, ApiError> {
    list::products(&app).await.map(Json)
}
