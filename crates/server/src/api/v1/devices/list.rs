use axum::Json;
use axum::extract::State;
use keystead_protocol::api::{DeviceView, Page, Problem};

use crate::api::v1::PageParams;
use crate::app::Shared;
use crate::auth::Customer;
use crate::error::ApiError;
use crate::extract::Params;
use crate::operation::list;

/// The account's devices, newest first.
#[utoipa::path(
    get,
    path = "/devices",
    params(("after" = Option<String>, Query, description = "The last entry of the page before"), ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000)),
    security(("bearer" = [])),
    tag = "Devices",
    responses(
        (status = 200, description = "A page", body = Page<DeviceView>),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn list(
    State(app): State<Shared>,
    Customer(session): Customer,
    Params(page): Params<PageParams>,
) -> Result<Json<Page<DeviceView>>, ApiError> {
    let (after, limit) = page.read(&app)?;
    list::devices(&app, session.account, after, limit).await.map(Json)
}
