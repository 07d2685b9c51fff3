use axum::extract::State;
use keystead_app::accounts::manage_accounts;
use keystead_app::context::Shared;
use keystead_protocol::Code;
use keystead_protocol::api::{SignOutRequest, SignedOut};

use crate::auth::{Accounts, Vendor};
use crate::extract::{Body, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Signs an account out of every browser and application.
#[utoipa::path(
    post,
    path = "/accounts/sign-out",
    params(IdempotencyHeader),
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
    _: IdempotencyHeader,
    body: Body<SignOutRequest>,
) -> Result<Stored<SignedOut>, ApiError> {
    Ok(Stored(manage_accounts::sign_out(&app, &vendor.principal, &body.value, &body.request).await?))
}
