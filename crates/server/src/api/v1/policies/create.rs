use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::{PolicyRequest, PolicyView};

use crate::app::Shared;
use crate::auth::{Catalog, Vendor};
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::Slug;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::define_catalog::define_policy;

/// Defines a policy of a product.
///
/// A policy is the rules of the licenses that are sold under it. Rules that are left out have the values of a perpetual license with one seat.
#[utoipa::path(
    post,
    path = "/products/{product}/policies",
    params(("product" = String, Path), IdempotencyKey),
    request_body = PolicyRequest,
    operation_id = "create_policy",
    tag = "Catalog",
    security(("vendor_token" = ["catalog"]), ("account_token" = ["vendor"])),
    responses(
        (status = 201, description = "Defined", body = PolicyView),
    ),
    extensions(("x-problems" = json!([Code::AlreadyExists])))
)]
pub async fn create(
    State(app): State<Shared>,
    vendor: Vendor<Catalog>,
    Slug(product): Slug,
    once: IdempotencyKey,
    body: Body<PolicyRequest>,
) -> Result<Answered<PolicyView>, ApiError> {
    define_policy(&app, &vendor.caller, product, &once, body.value, &body.request).await
}
