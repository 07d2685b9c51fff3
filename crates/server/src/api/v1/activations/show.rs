use axum::Json;
use axum::extract::State;
use keystead_protocol::api::{ActivationDetails, Problem};
use keystead_protocol::id::ActivationId;

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::extract::Bare;
use crate::extract::Id;
use crate::operation::show_activation::show_activation;

/// The state of an activation, for its device, its owner or the vendor.
#[utoipa::path(
    get,
    path = "/activations/{activation}",
    params(("activation" = ActivationId, Path)),
    tag = "Activation",
    responses(
        (status = 200, description = "The state", body = ActivationDetails),
        (status = "default", description = "A problem with code, cause and next action", body = Problem, content_type = "application/problem+json"),
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
