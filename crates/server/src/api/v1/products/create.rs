use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::{ProductRequest, ProductView};

use crate::app::Shared;
use crate::auth::{Catalog, Vendor};
use crate::error::ApiError;
use crate::extract::Body;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::define_catalog::define_product;

/// Defines a product.
#[utoipa::path(
    post,
    path = "/products",
    params(IdempotencyKey),
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
    once: IdempotencyKey,
    body: Body<ProductRequest>,
) -> Result<Answered<ProductView>, ApiError> {
    define_product(&app, &vendor.caller, &once, &body.value, &body.request).await
}
