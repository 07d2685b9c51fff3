use axum::Json;
use axum::extract::State;
use keystead_protocol::api::{AccountView, Problem};

use crate::app::Shared;
use crate::auth::Profile;
use crate::error::ApiError;
use crate::operation::list;

/// The signed-in account.
#[utoipa::path(
    get,
    path = "/account",
    security(("bearer" = [])),
    tag = "Account",
    responses(
        (status = 200, description = "The account", body = AccountView),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn show(
    State(app): State<Shared>,
    Profile(session): Profile,
) -> Result<Json<AccountView>, ApiError> {
    list::account(&app, session.account).await.map(Json)
}
