use axum::Json;
use axum::extract::State;
use keystead_protocol::api::AccountView;

use crate::app::Shared;
use crate::auth::Profile;
use crate::error::ApiError;
use crate::operation::list;

/// Shows the signed-in account.
///
/// Its address and its name.
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
    Profile(session): Profile,
) -> Result<Json<AccountView>, ApiError> {
    list::account(&app, session.account).await.map(Json)
}
