use axum::extract::State;
use keystead_app::catalog::define_policy::define_policy;
use keystead_app::context::Shared;
use keystead_protocol::Code;
use keystead_protocol::api::{PolicyRequest, PolicyView};

use crate::auth::{Catalog, Vendor};
use crate::extract::{Body, IdempotencyHeader, Slug, Stored};
use crate::problem::ApiError;

/// Defines a policy of a product.
///
/// A policy contains the rules of the licenses that are sold under it. Omitted rules have the values of a perpetual license with one seat.
#[utoipa::path(
    post,
    path = "/products/{product}/policies",
    params(("product" = String, Path), IdempotencyHeader),
    request_body = PolicyRequest,
    tag = "Catalog",
    security(("vendor_token" = ["catalog"]), ("account_token" = ["vendor"])),
    responses(
        (status = 201, description = "Defined", body = PolicyView),
    ),
    extensions(("x-problems" = json!([Code::AlreadyExists])))
)]
pub async fn create_policy(
    State(app): State<Shared>,
    vendor: Vendor<Catalog>,
    Slug(product): Slug,
    _: IdempotencyHeader,
    body: Body<PolicyRequest>,
) -> Result<Stored<PolicyView>, ApiError> {
    Ok(Stored(define_policy(&app, &vendor.principal, product, body.value, &body.request).await?))
}
