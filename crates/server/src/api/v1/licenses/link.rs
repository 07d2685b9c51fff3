use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::{LicenseView, LinkRequest};
use keystead_protocol::id::LicenseId;

use crate::app::Shared;
use crate::auth::Customer;
use crate::error::ApiError;
use crate::extract::Body;
use crate::extract::ClientIp;
use crate::extract::Id;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::link_license::link_license;

/// Links a license to the signed-in account.
///
/// On the word of an activated device, which signs the request, or of the product key.
#[utoipa::path(
    post,
    path = "/licenses/{license}/link",
    params(("license" = LicenseId, Path), IdempotencyKey),
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
    Customer(session): Customer,
    ClientIp(from): ClientIp,
    Id(id): Id<LicenseId>,
    once: IdempotencyKey,
    body: Body<LinkRequest>,
) -> Result<Answered<LicenseView>, ApiError> {
    link_license(&app, session, id, from, &once, &body.value, &body.request).await
}
