use axum::Json;
use axum::extract::State;
use keystead_app::accounts::show_account::show_account;
use keystead_app::context::Shared;
use keystead_protocol::api::AccountView;

use crate::auth::Profile;
use crate::problem::ApiError;

/// Shows the signed-in account.
///
/// Includes its email address and name.
#[utoipa::path(
    get,
    path = "/account",
    operation_id = "show_account",
    tag = "Accounts",
    security(("account_token" = ["profile"])),
    responses(
        (status = 200, description = "The account", body = AccountView),
    ),
)]
pub async fn show(
    State(app): State<Shared>,
    Profile(principal): Profile,
) -> Result<Json<AccountView>, ApiError> {
    Ok(Json(show_account(&app, &principal).await?))
}
