use axum::Json;
use axum::extract::State;
use keystead_app::catalog::list_catalog::list_editions;
use keystead_app::context::Shared;
use keystead_protocol::api::EditionView;

use crate::auth::{Read, Vendor};
use crate::extract::Slug;
use crate::problem::ApiError;

/// Lists the editions of a product.
#[utoipa::path(
    get,
    path = "/products/{product}/editions",
    params(("product" = String, Path)),
    operation_id = "list_editions",
    tag = "Catalog",
    security(("vendor_token" = ["read"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "All editions", body = Vec<EditionView>),
    ),
)]
pub async fn list(
    State(app): State<Shared>,
    vendor: Vendor<Read>,
    Slug(product): Slug,
) -> Result<Json<Vec<EditionView>>, ApiError> {
    Ok(Json(list_editions(&app, &vendor.principal, product).await?))
}
