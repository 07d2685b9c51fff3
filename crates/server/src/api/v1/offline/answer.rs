use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::offline::answer_file::answer_file;
use keystead_protocol::Code;
use keystead_protocol::api::{FileAnswer, FileRequest};

use crate::auth::CustomerOrSupport;
use crate::extract::{Body, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Answers the file of a device that has no network.
///
/// By the owner of the license, or by the vendor with a reason. A seat that the device gave back is freed on its signature. The same file gets the same answer again.
#[utoipa::path(
    post,
    path = "/offline/files",
    params(IdempotencyHeader),
    request_body = FileRequest,
    operation_id = "answer_request_file",
    tag = "Offline",
    security(("account_token" = ["licenses"]), ("vendor_token" = ["support"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "Answered, or the seat is free", body = FileAnswer),
    ),
    extensions(("x-problems" = json!([Code::RequestFileRefused, Code::RequestFileUsed, Code::ReleaseFileVoid, Code::NoFreeSeat, Code::ReinstallBudgetExhausted, Code::ActivationRevoked, Code::RebindBudgetExhausted, Code::NotFound, Code::LicenseSuspended, Code::LicenseExpired, Code::LicenseRevoked, Code::SigningPaused])))
)]
pub async fn answer(
    State(app): State<Shared>,
    CustomerOrSupport(principal): CustomerOrSupport,
    _: IdempotencyHeader,
    body: Body<FileRequest>,
) -> Result<Stored<FileAnswer>, ApiError> {
    Ok(Stored(answer_file(&app, &principal, &body.value, &body.request).await?))
}
