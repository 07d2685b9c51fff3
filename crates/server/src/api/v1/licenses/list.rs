use axum::Json;
use axum::extract::State;
use keystead_protocol::api::{LicenseView, Page, Problem};

use crate::api::v1::PageParams;
use crate::app::Shared;
use crate::auth::Scope;
use crate::auth::{Caller, LICENSES};
use crate::error::ApiError;
use crate::extract::Params;
use crate::operation::list;

/// The account's licenses, or all of them for a token with the scope `read`; newest first.
#[utoipa::path(
    get,
    path = "/licenses",
    params(("after" = Option<String>, Query, description = "The last entry of the page before"), ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000)),
    security(("bearer" = [])),
    tag = "Licenses",
    responses(
        (status = 200, description = "A page", body = Page<LicenseView>),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
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
