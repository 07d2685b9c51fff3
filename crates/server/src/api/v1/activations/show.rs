use axum::Json;
use axum::extract::State;
use keystead_protocol::api::ActivationDetails;
use keystead_protocol::id::ActivationId;

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::extract::Bare;
use crate::extract::Id;
use crate::operation::show_activation::show_activation;

/// Shows the state of an activation.
///
/// For its device, its owner or the vendor; for everybody else it is not there.
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
    caller: Caller,
    Id(id): Id<ActivationId>,
    Bare(request): Bare,
) -> Result<Json<ActivationDetails>, ApiError> {
    show_activation(&app, &caller, id, &request).await.map(Json)
}
