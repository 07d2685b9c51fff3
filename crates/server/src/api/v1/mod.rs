mod accounts;
mod activations;
mod application;
mod devices;
mod editions;
mod licenses;
mod logs;
mod offline;
mod own_account;
mod policies;
mod products;
mod validations;

use keystead_app::context::Shared;
use keystead_app::pagination::PageRequest;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::ApiError;

/// All endpoints.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(application::time::time))
        .routes(routes!(activations::create::create))
        .routes(routes!(activations::show::show))
        .routes(routes!(activations::refresh::refresh))
        .routes(routes!(activations::rebind::rebind))
        .routes(routes!(activations::release::release))
        .routes(routes!(own_account::show::show))
        .routes(routes!(own_account::disclosure::disclosure))
        .routes(routes!(accounts::sign_out::sign_out))
        .routes(routes!(devices::list::list))
        .routes(routes!(devices::rename::rename))
        .routes(routes!(devices::deactivate::deactivate))
        .routes(routes!(licenses::list::list))
        .routes(routes!(licenses::link::link))
        .routes(routes!(licenses::unlink::unlink))
        .routes(routes!(licenses::change_status::suspend))
        .routes(routes!(licenses::change_status::resume))
        .routes(routes!(licenses::change_status::revoke))
        .routes(routes!(licenses::reissue_key::reissue_key))
        .routes(routes!(logs::checkpoint::checkpoint))
        .routes(routes!(logs::inclusion::inclusion))
        .routes(routes!(logs::consistency::consistency))
        .routes(routes!(offline::confirm::confirm))
        .routes(routes!(offline::answer::answer))
        .routes(routes!(offline::release::release))
        .routes(routes!(offline::open::open))
        .routes(routes!(validations::create::create))
        .routes(routes!(products::create::create, products::list::list))
        .routes(routes!(products::profile::profile))
        .routes(routes!(products::make_keys::make))
        .routes(routes!(editions::create::create_edition, editions::list::list))
        .routes(routes!(policies::create::create_policy, policies::list::list))
}

/// The page of a list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// The `next` of the previous page.
    #[param(example = "lic_019aa5e0c8007d3e9f4a5b6c7d8e9fa0")]
    after: Option<String>,
    /// Maximum number of entries per page.
    #[param(minimum = 1, maximum = 1000, example = 100)]
    limit: Option<u32>,
}

impl PageParams {
    /// Parses the cursor and the page size.
    fn read<P: std::str::FromStr>(self, app: &Shared) -> Result<PageRequest<P>, ApiError> {
        let most = app.config.limits.page;
        let limit = self.limit.unwrap_or(most);
        if !(1..=1000).contains(&limit) {
            return Err(ApiError::value("limit", "from 1 to 1,000"));
        }
        let after =
            self.after.map(|text| text.parse().map_err(|_| ApiError::value("after", "an id of this list")));
        Ok(PageRequest { after: after.transpose()?, limit: limit.min(most) })
    }
}

/// The query of the time endpoint: the nonce to sign together with the time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeParams {
    nonce: String,
}
