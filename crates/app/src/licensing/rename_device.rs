//! Renames a device.

use keystead_domain::account::check_name;
use keystead_protocol::Code;
use keystead_protocol::api::{DeviceView, RenameRequest};
use keystead_protocol::id::{DeviceId, OutboxId};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::deactivate_device;
use crate::licensing::device_view::device_view;
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Renames one of the account's devices.
pub async fn rename_device(
    app: &Shared,
    principal: &Principal,
    device: DeviceId,
    asked: &RenameRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<DeviceView>, AppError> {
    let session = principal.require_account(LICENSES)?;
    let owner = session.account;
    let name = check_name(&asked.name).map_err(|error| AppError::value("name", error))?;
    let (shared, now, message) = (app.clone(), app.now(), app.new_id::<OutboxId>());
    IdempotentRequest::new(request, session, None)
        .run(app, move |tx| {
            let activations = tx.activations_of_device(device, owner, deactivate_device::MOST)?;
            if !activations.iter().any(|activation| activation.status.is_live()) {
                return Err(Code::NotFound.into());
            }
            tx.device_rename(device, &name)?;
            Event { id: message, at: now, actor: &format!("account:{owner}"), action: "device.rename" }
                .record(tx, device, "");
            let row = tx.device_by_id(device)?.ok_or(AppError::from(Code::NotFound))?;
            Ok(Outcome::Done(device_view(tx, &shared.catalog, row, activations, now)?))
        })
        .await
}
