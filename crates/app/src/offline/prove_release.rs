//! Releases the seat of an offline device. The owner or support enters the release code that the device
//! showed.

use keystead_protocol::Code;
use keystead_protocol::api::{Deactivated, ProveReleaseRequest};
use keystead_protocol::id::OutboxId;
use keystead_protocol::offline::{InstallationId, OfflineSecret, ReleaseCode};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::budget_ledger::{self, Spending};
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
            // The code proves nothing if the installation was online or has moved to another device.
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
            budget_ledger::spend(tx, details.license.id, Spending::Removal, use_id, now)?;
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

#[cfg(test)]
mod tests {
    use keystead_domain::license::License;
    use keystead_protocol::api::OpenRequest;
    use keystead_protocol::offline::Confirmation;

    use super::*;
    use crate::offline::open_offline::open_offline;
    use crate::testing::{Customer, Device, World, on_both, refusal, value};

    /// Confirms `device` on a new license. Returns the request with the device's release code, and the
    /// license.
    async fn released(world: &World, owner: &Customer, device: &Device) -> (ProveReleaseRequest, License) {
        let license = world.owned(owner, |_| {}).await;
        let (id, _) = device.installation_id();
        let confirmed = value(world.confirm(&owner.principal(), license, id, None).await);
        let confirmation: Confirmation = confirmed.lines.join("\n").parse().unwrap();
        let code = OfflineSecret::of_confirmation(confirmation.as_bytes(), id).release(id).unwrap();
        let shown = ProveReleaseRequest { installation_id: id.to_string(), code: code.to_string() };
        (shown, world.license(license).await)
    }

    #[test]
    fn code_of_the_device_frees_its_seat() {
        on_both(async |world| {
            let owner = world.customer().await;
            let (shown, license) = released(&world, &owner, &Device::new(1)).await;
            let (principal, request) = (owner.principal(), world.request());
            let prove = || prove_release(&world.app, &principal, &shown, &request);
            let freed = value(prove().await);
            assert_eq!((freed.seats_freed, freed.stops_by), (1, world.now()));
            assert_eq!(value(prove().await), freed, "the same request again");
            assert_eq!(world.license(license.id).await.seats_used, 0);
            let again = prove_release(&world.app, &principal, &shown, &world.request()).await;
            assert_eq!(refusal(again), Code::ActivationReleased);
        });
    }

    #[test]
    fn support_frees_a_seat_and_the_audit_log_says_who() {
        on_both(async |world| {
            let (owner, support) = (world.customer().await, world.vendor(&[Permission::Support]).await);
            let (shown, license) = released(&world, &owner, &Device::new(1)).await;
            value(prove_release(&world.app, &support, &shown, &world.request()).await);
            let id: InstallationId = shown.installation_id.parse().unwrap();
            let known = world
                .read(move |connection| connection.offline_installation_by_id(&id.payload()))
                .await
                .unwrap();
            let audit = world.audit(known.activation).await;
            let event = audit.last().unwrap();
            assert_eq!(event.action, "activation.prove_release");
            assert_eq!(
                (event.actor.clone(), event.detail.clone()),
                (support.actor(), license.id.to_string())
            );
        });
    }

    #[test]
    fn code_proves_nothing_for_another_installation_or_account() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let (first, license) = released(&world, &owner, &Device::new(1)).await;
            let (second, _) = released(&world, &owner, &Device::new(2)).await;
            let prove = async |principal: &Principal, shown: &ProveReleaseRequest| {
                refusal(prove_release(&world.app, principal, shown, &world.request()).await)
            };
            let swapped = ProveReleaseRequest { code: second.code, ..first.clone() };
            assert_eq!(prove(&owner.principal(), &swapped).await, Code::ReleaseCodeRefused);
            assert_eq!(prove(&stranger.principal(), &first).await, Code::ReleaseCodeRefused);
            assert_eq!(prove(&Principal::Anonymous, &first).await, Code::SignInRequired);
            let mistyped = ProveReleaseRequest { code: "12345".to_owned(), ..first.clone() };
            assert_eq!(prove(&owner.principal(), &mistyped).await, Code::ReleaseCodeRefused);
            world.sign_out(&owner).await;
            assert_eq!(prove(&owner.principal(), &first).await, Code::TokenExpired);
            assert_eq!(world.license(license.id).await.seats_used, 1);
        });
    }

    #[test]
    fn code_proves_nothing_once_the_device_was_online() {
        on_both(async |world| {
            let (owner, device) = (world.customer().await, Device::new(1));
            let (shown, license) = released(&world, &owner, &device).await;
            let (id, nonce) = device.installation_id();
            let opening = OpenRequest {
                installation_id: id.to_string(),
                nonce: format!("{nonce:016x}"),
                device: device.description(),
            };
            value(open_offline(&world.app, opening, &world.signed(&device)).await);
            let refused = prove_release(&world.app, &owner.principal(), &shown, &world.request()).await;
            assert_eq!(refusal(refused), Code::ReleaseCodeRefused);
            assert_eq!(world.license(license.id).await.seats_used, 1);
        });
    }
}
