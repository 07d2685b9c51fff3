//! Shows one of the account's devices.

use keystead_protocol::Code;
use keystead_protocol::api::DeviceView;
use keystead_protocol::id::DeviceId;
use keystead_storage::Error;

use crate::audit::history::{self, Happening, MAX_SHOWN_EVENTS};
use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::deactivate_device::MOST;
use crate::licensing::device_view::device_view;
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;

/// One of the account's devices and its history.
pub async fn show_device(
    app: &Shared,
    principal: &Principal,
    id: DeviceId,
) -> Result<(DeviceView, Vec<Happening>), AppError> {
    let owner = principal.require_account(LICENSES)?.account;
    let (shared, now) = (app.clone(), app.now());
    let found: Result<_, Error> = app
        .store
        .read(move |connection| {
            let Some(device) = connection.device_by_id(id)? else { return Ok(None) };
            let activations = connection.activations_of_device(id, owner, MOST)?;
            let history = history::of_device(connection, owner, id, &activations, MAX_SHOWN_EVENTS)?;
            let view = device_view(connection, &shared.catalog, device, activations, now)?;
            Ok(Some((view, history::shown(history, owner))))
        })
        .await;
    let found = found?.filter(|(view, _)| !view.activations.is_empty());
    found.ok_or_else(|| Code::NotFound.into())
}
