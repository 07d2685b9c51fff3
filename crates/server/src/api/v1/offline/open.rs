use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::offline::open_offline::open_offline;
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OpenRequest};

use crate::extract::{Body, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Issues a certificate to a confirmed offline installation that is online for the first time.
///
/// The device signs the request with its key. The request contains the key, the fingerprint and the nonce from which the Installation ID was computed; the server computes the ID again and compares.
#[utoipa::path(
    post,
    path = "/offline/openings",
    params(IdempotencyHeader),
    request_body = OpenRequest,
    operation_id = "open_installation",
    tag = "Offline",
    security(("device_proof" = [])),
    responses(
        (status = 200, description = "Opened", body = Activated),
    ),
    extensions(("x-problems" = json!([Code::InstallationIdMistyped, Code::ConfirmationRefused, Code::ActivationReleased, Code::ActivationSuperseded, Code::ActivationRevoked, Code::RebindNotNeeded, Code::LicenseSuspended, Code::LicenseExpired, Code::LicenseRevoked, Code::SigningPaused])))
)]
pub async fn open(
    State(app): State<Shared>,
    _: IdempotencyHeader,
    body: Body<OpenRequest>,
) -> Result<Stored<Activated>, ApiError> {
    Ok(Stored(open_offline(&app, body.value, &body.request).await?))
}
