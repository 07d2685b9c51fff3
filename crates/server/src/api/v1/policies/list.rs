use axum::Json;
use axum::extract::State;
use keystead_app::catalog::list_catalog::list_policies;
use keystead_app::context::Shared;
use keystead_protocol::api::PolicyView;

use crate::auth::{Read, Vendor};
use crate::extract::Slug;
use crate::problem::ApiError;

/// Lists the policies of a product.
#[utoipa::path(
    get,
    path = "/products/{product}/policies",
    params(("product" = String, Path)),
    operation_id = "list_policies",
    tag = "Catalog",
    security(("vendor_token" = ["read"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "All policies", body = Vec<PolicyView>),
    ),
)]
pub async fn list(
    State(app): State<Shared>,
    vendor: Vendor<Read>,
    Slug(product): Slug,
) -> Result<Json<Vec<PolicyView>>, ApiError> {
    Ok(Json(list_policies(&app, &vendor.principal, product).await?))
}
