use axum::Json;
use axum::extract::State;
use keystead_app::catalog::list_catalog::list_products;
use keystead_app::context::Shared;
use keystead_protocol::api::ProductView;

use crate::auth::{Read, Vendor};
use crate::problem::ApiError;

/// Lists all products.
#[utoipa::path(
    get,
    path = "/products",
    operation_id = "list_products",
    tag = "Catalog",
    security(("vendor_token" = ["read"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "All products", body = Vec<ProductView>),
    ),
)]
pub async fn list(
    State(app): State<Shared>,
    vendor: Vendor<Read>,
) -> Result<Json<Vec<ProductView>>, ApiError> {
    Ok(Json(list_products(&app, &vendor.principal).await?))
}
