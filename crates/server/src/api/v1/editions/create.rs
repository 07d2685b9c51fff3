use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::{EditionRequest, EditionView};

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
    params(("product" = String, Path), IdempotencyKey),
    request_body = EditionRequest,
    operation_id = "create_edition",
    tag = "Catalog",
    security(("vendor_token" = ["catalog"]), ("account_token" = ["vendor"])),
    responses(
        (status = 201, description = "Defined", body = EditionView),
    ),
    extensions(("x-problems" = json!([Code::AlreadyExists])))
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
