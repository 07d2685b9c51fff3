//! "Deactivate this device": the device releases its seat.

use keystead_domain::activation::Activation;
use keystead_domain::{Millis, Refusal};
use keystead_protocol::Code;
use keystead_protocol::api::Deactivated;
use keystead_protocol::id::{ActivationId, OutboxId};
use keystead_storage::Tx;

use crate::audit::Event;
use crate::context::Shared;
use crate::credential::Credential;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::budget;
use crate::request::SignedRequest;

/// Ends an activation, and frees its seat if no other activation lives on it. Returns the number of freed seats.
pub fn release(tx: &mut Tx<'_>, activation: &Activation, now: Millis) -> Result<u32, AppError> {
    tx.activation_set_status(activation.id, activation.status.release(now)?)?;
    if !tx.activations_of_seat(activation.seat)?.is_empty() {
        return Ok(0);
    }
    tx.license_free_seat(activation.license)?;
    Ok(1)
}

/// Releases the activation whose device signed `request`.
pub async fn release_activation(
    app: &Shared,
    id: ActivationId,
    request: &SignedRequest,
) -> Result<StoredResponse<Deactivated>, AppError> {
    let key = app
        .store
        .read(move |connection| connection.device_key_of_activation(id))
        .await?
        .ok_or(AppError::from(Code::NotFound))?;
    let nonce = request.verify(app, key)?.nonce;
    let (shared, now, message, use_id) = (app.clone(), app.now(), app.new_id::<OutboxId>(), app.new_id());
    IdempotentRequest::new(request, Credential::activation(id), Some(nonce))
        .run(app, move |tx| {
            let details = tx.activation_by_id(id)?.ok_or(AppError::from(Code::NotFound))?;
            if details.device_key != key {
                return Err(Refusal::DifferentDevice.into());
            }
            budget::release(tx, &shared, &details, use_id, now)?;
            let seats_freed = release(tx, &details.activation, now)?;
            let actor = format!("device:{}", details.activation.device);
            Event { id: message, at: now, actor: &actor, action: "activation.release" }.record(
                tx,
                id,
                details.license.id,
            );
            Ok(Outcome::Done(Deactivated { seats_freed, stops_by: now }))
        })
        .await
}
