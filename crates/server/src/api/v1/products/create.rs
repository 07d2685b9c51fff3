use axum::extract::State;
use keystead_app::catalog::define_product::define_product;
use keystead_app::context::Shared;
use keystead_protocol::Code;
use keystead_protocol::api::{ProductRequest, ProductView};

use crate::auth::{Catalog, Vendor};
use crate::extract::{Body, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Defines a product.
#[utoipa::path(
    post,
    path = "/products",
    params(IdempotencyHeader),
    request_body = ProductRequest,
    operation_id = "create_product",
    tag = "Catalog",
    security(("vendor_token" = ["catalog"]), ("account_token" = ["vendor"])),
    responses(
        (status = 201, description = "Defined", body = ProductView),
    ),
    extensions(("x-problems" = json!([Code::AlreadyExists])))
)]
pub async fn create(
    State(app): State<Shared>,
    vendor: Vendor<Catalog>,
    _: IdempotencyHeader,
    body: Body<ProductRequest>,
) -> Result<Stored<ProductView>, ApiError> {
    Ok(Stored(define_product(&app, &vendor.principal, &body.value, &body.request).await?))
}
