use axum::Json;
use axum::extract::State;
use keystead_protocol::api::EditionView;

use crate::app::Shared;
use crate::auth::{Read, Vendor};
use crate::error::ApiError;
use crate::extract::Slug;
use crate::operation::list;

/// Lists the editions of a product.
#[utoipa::path(
    get,
    path = "/products/{product}/editions",
    params(("product" = String, Path)),
    operation_id = "list_editions",
    tag = "Catalog",
    security(("vendor_token" = ["read"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "All of them", body = Vec<EditionView>),
    ),
)]
pub async fn list(
    State(app): State<Shared>,
    _: Vendor<Read>,
    Slug(product): Slug,
) -> Result<Json<Vec<EditionView>>, ApiError> {
    list::editions(&app, product).await.map(Json)
}
