use axum::extract::State;
use keystead_protocol::api::{EditionRequest, EditionView, Problem};

use crate::app::Shared;
use crate::auth::{Catalog, Vendor};
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::Slug;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::define_catalog::define_edition;

/// Defines an edition of a product.
#[utoipa::path(
    post,
    path = "/products/{product}/editions",
    params(("product" = String, Path), ("idempotency-key" = String, Header, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", description = "A UUID; the same one when the request is repeated")),
    request_body = EditionRequest,
    security(("bearer" = [])),
    tag = "Vendor",
    responses(
        (status = 201, description = "Defined", body = EditionView),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    State(app): State<Shared>,
    vendor: Vendor<Catalog>,
    Slug(product): Slug,
    once: IdempotencyKey,
    body: Body<EditionRequest>,
) -> Result<Answered<EditionView>, ApiError> {
    define_edition(&app, &vendor.caller, product, &once, &body.value, &body.request).await
}
