//! "This device gave its seat back": the proof that a device without a network showed, typed by its owner or by support.

use axum::http::StatusCode;
use keystead_protocol::Code;
use keystead_protocol::api::{Deactivated, ProveReleaseRequest};
use keystead_protocol::id::OutboxId;
use keystead_protocol::offline::{InstallationId, OfflineSecret, ReleaseCode};

use super::budget::{self, Spending};
use super::find_license::missing;
use super::{release_activation, tell};
use crate::app::Shared;
use crate::auth::{Caller, Scope};
use crate::error::ApiError;
use crate::extract::RawRequest;
use crate::once::{Answered, IdempotencyKey, Once};

/// Frees the seat of an installation once its code proves that the device has nothing any more.
pub async fn prove_release(
    app: &Shared,
    caller: &Caller,
    once: &IdempotencyKey,
    asked: &ProveReleaseRequest,
    request: &RawRequest,
) -> Result<Answered<Deactivated>, ApiError> {
    let owner =
        if caller.may(Scope::Support) { None } else { Some(caller.account(crate::auth::LICENSES)?.account) };
    let id: InstallationId = asked
        .installation_id
        .parse()
        .map_err(|error| ApiError::with_detail(Code::InstallationIdMistyped, error))?;
    let code: ReleaseCode =
        asked.code.parse().map_err(|error| ApiError::with_detail(Code::ReleaseCodeRefused, error))?;
    let (shared, actor, now) = (app.clone(), caller.actor(), app.now());
    let (message, use_id) = (app.new_id::<OutboxId>(), app.new_id());
    Once::new(once, caller, request, None)
        .run(app, move |tx| {
            let refused = || ApiError::from(Code::ReleaseCodeRefused);
            let known = tx.offline_installation(&id.payload())?.ok_or_else(refused)?;
            let details = tx.activation(known.activation)?.ok_or_else(|| missing("activation"))?;
            // Once it was opened, or moved to another device, its code proves nothing any more.
            let unopened = details.device_key == id.stand_in();
            if !unopened || owner.is_some_and(|owner| details.license.require_owner(owner).is_err()) {
                return Err(refused());
            }
            let product = tx.product_by_id(details.license.product)?.ok_or_else(|| missing("product"))?;
            let confirmation =
                shared.keys.with(|secrets| secrets.confirmation.confirm(&product.slug, id, known.row));
            let confirmation = confirmation.ok_or(ApiError::from(Code::Internal))?;
            if !OfflineSecret::of_confirmation(confirmation.as_bytes(), id).proves(code, id) {
                return Err(refused());
            }
            budget::spend(tx, details.license.id, Spending::Transfer, use_id, now)?;
            let seats_freed = release_activation::release(tx, &details.activation, now)?;
            tell(tx, message, now, &actor, "activation.prove_release", known.activation, details.license.id);
            Ok((StatusCode::OK, Deactivated { seats_freed, stops_by: now }))
        })
        .await
}
