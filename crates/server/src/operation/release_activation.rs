//! "Deactivate this device": the device gives its seat back.

use axum::http::StatusCode;
use keystead_domain::activation::{Activation, Standing};
use keystead_domain::budget::RELEASES;
use keystead_domain::{Millis, Refusal};
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::{ActivationId, LicenseId, OutboxId};
use keystead_storage::{ActivationSummary, Tx};

use super::{rebind_device, tell};
use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::RawRequest;
use crate::once::{Answered, IdempotencyKey, Once};
use crate::principal::Principal;

/// Ends an activation and frees its seat.
pub fn release(tx: &mut Tx<'_>, seat: impl Into<Seat>, now: Millis) -> Result<(), ApiError> {
    let seat = seat.into();
    tx.set_activation_standing(seat.activation, seat.standing.release(now)?)?;
    Ok(tx.free_seat(seat.license)?)
}

/// The seat that an activation occupies.
pub struct Seat {
    activation: ActivationId,
    standing: Standing,
    license: LicenseId,
}

impl From<&Activation> for Seat {
    fn from(activation: &Activation) -> Self {
        Self { activation: activation.id, standing: activation.standing, license: activation.license }
    }
}

impl From<&ActivationSummary> for Seat {
    fn from(activation: &ActivationSummary) -> Self {
        Self { activation: activation.id, standing: activation.standing, license: activation.license.id }
    }
}

/// Releases the activation whose device signed `request`.
pub async fn release_activation(
    app: &Shared,
    id: ActivationId,
    once: &IdempotencyKey,
    request: &RawRequest,
) -> Result<Answered<Deactivated>, ApiError> {
    let key = app
        .store
        .read(move |reader| reader.device_key_of(id))
        .await?
        .ok_or(ApiError::from(Code::NotFound))?;
    let nonce = request.verify(app, key)?.nonce;
    let (now, message, use_id) = (app.now(), app.new_id::<OutboxId>(), app.new_id());
    Once::new(once, Principal::activation(id), request, Some(nonce))
        .run(app, move |tx| {
            let details = tx.activation(id)?.ok_or(ApiError::from(Code::NotFound))?;
            if details.device_key != key {
                return Err(Refusal::DifferentDevice.into());
            }
            // Containers come and go.
            if !details.activation.floating {
                rebind_device::spend(tx, details.license.id, "release", RELEASES, use_id, now)?;
            }
            release(tx, &details.activation, now)?;
            let actor = format!("device:{}", details.activation.device);
            tell(tx, message, now, &actor, "activation.release", id, details.license.id);
            Ok((StatusCode::OK, Deactivated { seats_freed: 1, stops_by: now }))
        })
        .await
}
