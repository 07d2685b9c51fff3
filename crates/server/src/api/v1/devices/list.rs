use axum::Json;
use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::list_devices::list_devices;
use keystead_protocol::api::{DeviceView, Page};

use crate::api::v1::PageParams;
use crate::auth::Customer;
use crate::extract::Params;
use crate::problem::ApiError;

/// Lists the account's devices, newest first.
///
/// Each device is listed with its activations on the account's licenses.
#[utoipa::path(
    get,
    path = "/devices",
    params(PageParams),
    operation_id = "list_devices",
    tag = "Devices",
    security(("account_token" = ["licenses"])),
    responses(
        (status = 200, description = "A page", body = Page<DeviceView>),
    ),
)]
pub async fn list(
    State(app): State<Shared>,
    Customer(principal): Customer,
    Params(page): Params<PageParams>,
) -> Result<Json<Page<DeviceView>>, ApiError> {
    Ok(Json(list_devices(&app, &principal, page.read(&app)?).await?))
}
