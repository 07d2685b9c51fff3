use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::{SignOutRequest, SignedOut};

use crate::app::Shared;
use crate::auth::{Accounts, Vendor};
use crate::error::ApiError;
use crate::extract::Body;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::manage_accounts;

/// Signs an account out of every browser and application.
#[utoipa::path(
    post,
    path = "/accounts/sign-out",
    params(IdempotencyKey),
    request_body = SignOutRequest,
    operation_id = "sign_out_account",
    tag = "Accounts",
    security(("vendor_token" = ["accounts"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "Signed out", body = SignedOut),
    ),
    extensions(("x-problems" = json!([Code::NotFound])))
)]
pub async fn sign_out(
    State(app): State<Shared>,
    vendor: Vendor<Accounts>,
    once: IdempotencyKey,
    body: Body<SignOutRequest>,
) -> Result<Answered<SignedOut>, ApiError> {
    manage_accounts::sign_out(&app, &vendor.caller, &once, &body.value, &body.request).await
}
