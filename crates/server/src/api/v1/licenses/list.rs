use axum::Json;
use axum::extract::State;
use keystead_protocol::api::{LicenseView, Page};

use crate::api::v1::PageParams;
use crate::app::Shared;
use crate::auth::Scope;
use crate::auth::{Caller, LICENSES};
use crate::error::ApiError;
use crate::extract::Params;
use crate::operation::list;

/// Lists licenses, newest first.
///
/// Those of the account, or all of them for the vendor.
#[utoipa::path(
    get,
    path = "/licenses",
    params(PageParams),
    operation_id = "list_licenses",
    tag = "Licenses",
    security(("account_token" = ["licenses"]), ("vendor_token" = ["read"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "A page", body = Page<LicenseView>),
    ),
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    Params(page): Params<PageParams>,
) -> Result<Json<Page<LicenseView>>, ApiError> {
    let owner = if caller.may(Scope::Read) { None } else { Some(caller.account(LICENSES)?.account) };
    let (after, limit) = page.read(&app)?;
    list::licenses(&app, owner, after, limit).await.map(Json)
}
