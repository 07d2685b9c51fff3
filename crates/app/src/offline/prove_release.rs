//! "This device released its seat": the owner or support enters the release code that an offline device showed.

use keystead_protocol::Code;
use keystead_protocol::api::{Deactivated, ProveReleaseRequest};
use keystead_protocol::id::OutboxId;
use keystead_protocol::offline::{InstallationId, OfflineSecret, ReleaseCode};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::budget::{self, Spending};
use crate::licensing::find_license::missing;
use crate::licensing::release_activation;
use crate::principal::{Permission, Principal};
use crate::request::SignedRequest;

/// Frees the seat of an installation if the code proves that the device has released it.
pub async fn prove_release(
    app: &Shared,
    principal: &Principal,
    asked: &ProveReleaseRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<Deactivated>, AppError> {
    let owner = if principal.may(Permission::Support) {
        None
    } else {
        Some(principal.require_account(crate::oauth::scope::LICENSES)?.account)
    };
    let id: InstallationId = asked
        .installation_id
        .parse()
        .map_err(|error| AppError::with_detail(Code::InstallationIdMistyped, error))?;
    let code: ReleaseCode =
        asked.code.parse().map_err(|error| AppError::with_detail(Code::ReleaseCodeRefused, error))?;
    let (shared, actor, now) = (app.clone(), principal.actor(), app.now());
    let (message, use_id) = (app.new_id::<OutboxId>(), app.new_id());
    IdempotentRequest::new(request, principal, None)
        .run(app, move |tx| {
            let refused = || AppError::from(Code::ReleaseCodeRefused);
            let known = tx.offline_installation_by_id(&id.payload())?.ok_or_else(refused)?;
            let details = tx.activation_by_id(known.activation)?.ok_or_else(|| missing("activation"))?;
            // Once the installation came online or moved to another device, its code proves nothing.
            let unopened = details.device_key == id.stand_in();
            if !unopened || owner.is_some_and(|owner| details.license.require_owner(owner).is_err()) {
                return Err(refused());
            }
            let product = tx.product_by_id(details.license.product)?.ok_or_else(|| missing("product"))?;
            let confirmation =
                shared.keys.with(|secrets| secrets.confirmation.confirm(&product.slug, id, known.row));
            let confirmation = confirmation.ok_or(AppError::from(Code::Internal))?;
            if !OfflineSecret::of_confirmation(confirmation.as_bytes(), id).proves(code, id) {
                return Err(refused());
            }
            budget::spend(tx, details.license.id, Spending::Transfer, use_id, now)?;
            let seats_freed = release_activation::release(tx, &details.activation, now)?;
            Event { id: message, at: now, actor: &actor, action: "activation.prove_release" }.record(
                tx,
                known.activation,
                details.license.id,
            );
            Ok(Outcome::Done(Deactivated { seats_freed, stops_by: now }))
        })
        .await
}
