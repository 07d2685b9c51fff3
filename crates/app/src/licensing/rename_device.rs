//! The owner gives a device another name.

use keystead_domain::account::check_name;
use keystead_protocol::Code;
use keystead_protocol::api::{DeviceView, RenameRequest};
use keystead_protocol::id::{DeviceId, OutboxId};

use crate::audit::record_event;
use crate::context::Shared;
use crate::device_proof::SignedRequest;
use crate::error::AppError;
use crate::idempotency::{IdempotencyKey, IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::deactivate_device;
use crate::licensing::device_view::device_view;
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;

/// Renames one of the account's devices.
pub async fn rename_device(
    app: &Shared,
    principal: &Principal,
    device: DeviceId,
    once: &IdempotencyKey,
    asked: &RenameRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<DeviceView>, AppError> {
    let session = principal.require_account(LICENSES)?;
    let owner = session.account;
    let name = check_name(&asked.name).map_err(|error| AppError::value("name", error))?;
    let (shared, now, message) = (app.clone(), app.now(), app.new_id::<OutboxId>());
    IdempotentRequest::new(once, session, request, None)
        .run(app, move |tx| {
            let activations = tx.activations_of_device(device, owner, deactivate_device::MOST)?;
            if !activations.iter().any(|activation| activation.standing.is_live()) {
                return Err(Code::NotFound.into());
            }
            tx.rename_device(device, &name)?;
            record_event(tx, message, now, &format!("account:{owner}"), "device.rename", device, "");
            let row = tx.device(device)?.ok_or(AppError::from(Code::NotFound))?;
            Ok(Outcome::Done(device_view(tx, &shared.catalog, row, activations, now)?))
        })
        .await
}
