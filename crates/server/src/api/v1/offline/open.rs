use axum::extract::State;
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OpenRequest};

use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::Body;
use crate::once::{Answered, IdempotencyKey};
use crate::operation::open_offline::open_offline;

/// Gives a certificate to an installation that is online for the first time.
///
/// The device was confirmed without a network before, and signs the request.
#[utoipa::path(
    post,
    path = "/offline/openings",
    params(IdempotencyKey),
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
    once: IdempotencyKey,
    body: Body<OpenRequest>,
) -> Result<Answered<Activated>, ApiError> {
    open_offline(&app, &once, body.value, &body.request).await
}
