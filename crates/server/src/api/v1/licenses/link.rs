use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::link_license::link_license;
use keystead_protocol::Code;
use keystead_protocol::api::{LicenseView, LinkRequest};
use keystead_protocol::id::LicenseId;

use crate::auth::Customer;
use crate::extract::{Body, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Links a license to the signed-in account.
///
/// Possession of the license is proven by an activated device, which signs the request, or by the product key.
#[utoipa::path(
    post,
    path = "/licenses/{license}/link",
    params(("license" = LicenseId, Path), IdempotencyHeader),
    request_body = LinkRequest,
    operation_id = "link_license",
    tag = "Licenses",
    security(("account_token" = ["licenses"]), ("account_token" = ["licenses"], "device_proof" = [])),
    responses(
        (status = 200, description = "Linked", body = LicenseView),
    ),
    extensions(("x-problems" = json!([Code::ConsentMissing, Code::AlreadyLinked, Code::NotLinked, Code::ProductKeyMistyped, Code::ProductKeyNotAccepted])))
)]
pub async fn link(
    State(app): State<Shared>,
    Customer(principal): Customer,
    Id(id): Id<LicenseId>,
    _: IdempotencyHeader,
    body: Body<LinkRequest>,
) -> Result<Stored<LicenseView>, ApiError> {
    Ok(Stored(link_license(&app, &principal, id, &body.value, &body.request).await?))
}
