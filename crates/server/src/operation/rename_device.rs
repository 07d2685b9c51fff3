//! The owner gives a device another name.

use axum::http::StatusCode;
use keystead_domain::account::check_name;
use keystead_protocol::Code;
use keystead_protocol::api::{DeviceView, RenameRequest};
use keystead_protocol::id::{DeviceId, OutboxId};
use keystead_storage::AccountSession;

use super::{deactivate_device, list, tell};
use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::RawRequest;
use crate::once::{Answered, IdempotencyKey, Once};

/// Renames one of the account's devices.
pub async fn rename_device(
    app: &Shared,
    session: AccountSession,
    device: DeviceId,
    once: &IdempotencyKey,
    asked: &RenameRequest,
    request: &RawRequest,
) -> Result<Answered<DeviceView>, ApiError> {
    let owner = session.account;
    let name = check_name(&asked.name).map_err(|error| ApiError::value("name", error))?;
    let (shared, now, message) = (app.clone(), app.now(), app.new_id::<OutboxId>());
    Once::new(once, session, request, None)
        .run(app, move |tx| {
            let activations = tx.activations_of_device(device, owner, deactivate_device::MOST)?;
            if !activations.iter().any(|activation| activation.standing.is_live()) {
                return Err(Code::NotFound.into());
            }
            tx.rename_device(device, &name)?;
            tell(tx, message, now, &format!("account:{owner}"), "device.rename", device, "");
            let row = tx.device(device)?.ok_or(ApiError::from(Code::NotFound))?;
            Ok((StatusCode::OK, list::device_view(tx, &shared.catalog, row, activations, now)?))
        })
        .await
}
