use axum::extract::State;
use keystead_protocol::api::{Problem, ProductRequest, ProductView};

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
    params(("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated")),
    request_body = ProductRequest,
    security(("bearer" = [])),
    tag = "Vendor",
    responses(
        (status = 201, description = "Defined", body = ProductView),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(app): State<Shared>,
    vendor: Vendor<Catalog>,
    once: IdempotencyKey,
    body: Body<ProductRequest>,
) -> Result<Answered<ProductView>, ApiError> {
    define_product(&app, &vendor.caller, &once, &body.value, &body.request).await
}
