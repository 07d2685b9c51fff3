use axum::extract::State;
use keystead_app::catalog::define_edition::define_edition;
use keystead_app::context::Shared;
use keystead_protocol::Code;
use keystead_protocol::api::{EditionRequest, EditionView};

use crate::auth::{Catalog, Vendor};
use crate::extract::{Body, IdempotencyHeader, Slug, Stored};
use crate::problem::ApiError;

/// Defines an edition of a product.
#[utoipa::path(
    post,
    path = "/products/{product}/editions",
    params(("product" = String, Path), IdempotencyHeader),
    request_body = EditionRequest,
    tag = "Catalog",
    security(("vendor_token" = ["catalog"]), ("account_token" = ["vendor"])),
    responses(
        (status = 201, description = "Defined", body = EditionView),
    ),
    extensions(("x-problems" = json!([Code::AlreadyExists])))
)]
pub async fn create_edition(
    State(app): State<Shared>,
    vendor: Vendor<Catalog>,
    Slug(product): Slug,
    _: IdempotencyHeader,
    body: Body<EditionRequest>,
) -> Result<Stored<EditionView>, ApiError> {
    Ok(Stored(define_edition(&app, &vendor.principal, product, &body.value, &body.request).await?))
}
