use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::offline::answer_file::answer_file;
use keystead_protocol::Code;
use keystead_protocol::api::{FileAnswer, FileRequest};

use crate::auth::CustomerOrSupport;
use crate::extract::{Body, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Answers a request file of an offline device.
///
/// For the owner of the license, or for the vendor with a reason. A request to release a seat needs only the device's signature, which the file contains. The same file gets the same answer again.
#[utoipa::path(
    post,
    path = "/offline/files",
    params(IdempotencyHeader),
    request_body = FileRequest,
    operation_id = "answer_request_file",
    tag = "Offline",
    security(("account_token" = ["licenses"]), ("vendor_token" = ["support"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "Answered, or the seat was released", body = FileAnswer),
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
