//! Shows the state of one activation to its device, its owner or the vendor.

use keystead_protocol::Code;
use keystead_protocol::api::ActivationDetails;
use keystead_protocol::id::ActivationId;
use keystead_storage::Error;

use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::activation_view::activation_details;
use crate::principal::{Permission, Principal};
use crate::request::SignedRequest;

/// Shows an activation. Principals without access get the same error as for an unknown id.
pub async fn show_activation(
    app: &Shared,
    principal: &Principal,
    id: ActivationId,
    request: &SignedRequest,
) -> Result<ActivationDetails, AppError> {
    let shared = app.clone();
    let found: Result<_, Error> = app
        .store
        .read(move |connection| {
            let Some(details) = connection.activation_by_id(id)? else { return Ok(None) };
            let terms = shared.catalog.terms(connection, &details.license)?;
            Ok(Some((details, terms)))
        })
        .await;
    let Some((details, terms)) = found? else { return Err(Code::NotFound.into()) };
    let owns = |account| details.activation.is_of_owner(&details.license, account);
    let owner = principal.account().is_some_and(owns);
    if !owner && !principal.may(Permission::Read) {
        if !request.is_signed() {
            return Err(Code::NotFound.into());
        }
        request.verify(app, details.device_key)?;
    }
    Ok(activation_details(details, &terms, app.now()))
}
