use axum::Json;
use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::list_licenses::{self, list_licenses};
use keystead_protocol::api::{LicenseView, Page};

use crate::api::v1::PageParams;
use crate::auth::Auth;
use crate::extract::Params;
use crate::problem::ApiError;

/// Lists licenses, newest first.
///
/// Lists the account's licenses, or all licenses for the vendor.
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
    Auth(principal): Auth,
    Params(page): Params<PageParams>,
) -> Result<Json<Page<LicenseView>>, ApiError> {
    list_licenses::check(&principal)?;
    Ok(Json(list_licenses(&app, &principal, page.read(&app)?).await?))
}
