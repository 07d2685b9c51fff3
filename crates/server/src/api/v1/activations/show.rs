use axum::Json;
use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::show_activation::show_activation;
use keystead_protocol::api::ActivationDetails;
use keystead_protocol::id::ActivationId;

use crate::auth::Auth;
use crate::extract::{Bare, Id};
use crate::problem::ApiError;

/// Shows the state of an activation.
///
/// For the device, its owner and the vendor; others get `not_found`.
#[utoipa::path(
    get,
    path = "/activations/{activation}",
    params(("activation" = ActivationId, Path)),
    operation_id = "show_activation",
    tag = "Activations",
    security(("device_proof" = []), ("account_token" = ["licenses"]), ("vendor_token" = ["read"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "The state", body = ActivationDetails),
    ),
)]
pub async fn show(
    State(app): State<Shared>,
    Auth(principal): Auth,
    Id(id): Id<ActivationId>,
    Bare(request): Bare,
) -> Result<Json<ActivationDetails>, ApiError> {
    Ok(Json(show_activation(&app, &principal, id, &request).await?))
}
