//! Moves an activation to changed hardware, on the owner's request.

use keystead_domain::Refusal;
use keystead_domain::activation::LeaseTerms;
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, RebindRequest};
use keystead_protocol::id::{ActivationId, OutboxId};

use crate::audit::Event;
use crate::context::Shared;
use crate::entropy;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::budget_ledger::{self, Spending};
use crate::licensing::certificate::{self, Issued, Subject};
use crate::licensing::claim_seat::DeviceClaim;
use crate::licensing::{assign_device, share_seat};
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Moves the activation to changed hardware. If the old device key was lost, the activation gets the new one.
/// Its id, seat and history stay.
pub async fn rebind_device(
    app: &Shared,
    principal: &Principal,
    id: ActivationId,
    asked: RebindRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<Activated>, AppError> {
    let session = principal.require_account(LICENSES)?;
    let owner = session.account;
    let public_key = DeviceClaim::check(&asked.device, None)?.key;
    let proven = request.verify(app, public_key)?;
    let once = IdempotentRequest::new(request, session, Some(proven.nonce));
    let (shared, now) = (app.clone(), app.now());
    let (ratchet, token_id, use_id) = (entropy::bytes(), app.new_id(), app.new_id());
    let (message, device) = (app.new_id::<OutboxId>(), app.new_id());
    let issued = once.run(app, move |tx| {
        let details = tx
            .activation_by_id(id)?
            .filter(|details| details.activation.is_of_owner(&details.license, owner))
            .ok_or(AppError::from(Code::NotFound))?;
        if asked.confirm != "this_is_that_device" {
            return Err(Refusal::ConfirmationMissing.into());
        }
        details.license.is_usable(now)?;
        let terms = shared.catalog.terms(tx, &details.license)?;
        let rules = &terms.policy.rules;
        let lease_terms = LeaseTerms { rules, license_expiry: details.license.expires_at };
        let seen = &asked.device.fingerprint;
        let mut activation = details.activation.clone().rebind(seen, ratchet, lease_terms, now)?;
        budget_ledger::spend(tx, details.license.id, Spending::Rebind(rules), use_id, now)?;
        share_seat::leave_others_behind(tx, &shared, &activation, now)?;
        activation.device = assign_device::assign(tx, &details, public_key, device, now)?;
        tx.activation_update(&activation)?;
        Event { id: message, at: now, actor: &format!("account:{owner}"), action: "activation.rebind" }
            .record(tx, id, details.license.id);
        let license = &details.license;
        let subject = Subject {
            activation,
            license,
            terms: &terms,
            device_key: proven.key,
            token_id,
            reason: "rebind",
        };
        Ok(Outcome::Done(certificate::issue(tx, &shared, subject, now)?))
    });
    issued.await?.try_map(|issued: Issued| issued.sign(app))
}

#[cfg(test)]
mod tests {
    use keystead_domain::activation::ActivationStatus;

    use super::*;
    use crate::licensing::change_license_status::Change;
    use crate::principal::Permission;
    use crate::testing::{Device, World, on_both, refusal, value};

    fn confirmed(device: &Device) -> RebindRequest {
        RebindRequest { device: device.description(), confirm: "this_is_that_device".to_owned() }
    }

    async fn rebind(
        world: &World,
        principal: &Principal,
        id: ActivationId,
        device: &Device,
    ) -> Result<StoredResponse<Activated>, AppError> {
        rebind_device(&world.app, principal, id, confirmed(device), &world.signed(device)).await
    }

    #[test]
    fn owner_moves_the_seat_to_changed_hardware() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = Device::new(1);
            let before = world.linked(&device, &key, &owner).await;
            let changed = device.with_new_board().with_key_of(2);
            let after = value(rebind(&world, &owner.principal(), before.activation, &changed).await);
            assert_eq!((after.activation, after.license), (before.activation, before.license));
            assert_ne!(after.ratchet, before.ratchet);
            assert_eq!(world.license(after.license).await.seats_used, 1);
            assert_eq!(world.remaining(after.license).await.rebinds, 3);
            let audit = world.audit(after.activation).await;
            let event = audit.last().unwrap();
            assert_eq!((audit.len(), event.action.as_str()), (2, "activation.rebind"));
            assert_eq!(event.actor, format!("account:{}", owner.id()));
        });
    }

    #[test]
    fn only_the_owner_learns_of_the_activation() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let (device, key) = (Device::new(1), world.key().await);
            let id = world.linked(&device, &key, &owner).await.activation;
            let vendor = world.vendor(&[Permission::Support]).await;
            let profile = owner.through_application("profile");
            for (principal, code) in [
                (stranger.principal(), Code::NotFound),
                (Principal::Anonymous, Code::SignInRequired),
                (vendor, Code::PermissionMissing),
                (profile, Code::PermissionMissing),
            ] {
                assert_eq!(refusal(rebind(&world, &principal, id, &device).await), code, "{principal:?}");
            }
        });
    }

    #[test]
    fn move_must_be_confirmed_in_words() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = Device::new(1);
            let id = world.linked(&device, &key, &owner).await.activation;
            let asked = RebindRequest { confirm: "yes".to_owned(), ..confirmed(&device) };
            let (principal, request) = (owner.principal(), world.signed(&device));
            let refused = rebind_device(&world.app, &principal, id, asked, &request).await;
            assert_eq!(refusal(refused), Code::ConfirmationMissing);
        });
    }

    #[test]
    fn repeated_request_spends_one_move_and_the_next_one_is_refused() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key_with(|rules| rules.rebinds = 1).await);
            let device = Device::new(1);
            let activated = world.linked(&device, &key, &owner).await;
            let (id, principal, request) = (activated.activation, owner.principal(), world.signed(&device));
            let rebind_once = || rebind_device(&world.app, &principal, id, confirmed(&device), &request);
            assert_eq!(value(rebind_once().await), value(rebind_once().await));
            let refused = rebind(&world, &principal, id, &device).await;
            assert_eq!(refusal(refused), Code::RebindBudgetExhausted);
        });
    }

    #[test]
    fn other_keys_of_the_old_machine_are_left_behind() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = Device::new(1);
            let other = world.activated(&device.with_key_of(2), &key).await.activation;
            let moving = world.linked(&device, &key, &owner).await.activation;
            value(rebind(&world, &owner.principal(), moving, &Device::new(3).with_key_of(1)).await);
            let status = world.activation(other).await.activation.status;
            assert!(matches!(status, ActivationStatus::Superseded { .. }), "{status:?}");
            assert_eq!(world.actions(other).await, ["activation.create", "activation.supersede"]);
        });
    }

    #[test]
    fn suspended_license_and_ended_sign_in_move_nothing() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = Device::new(1);
            let activated = world.linked(&device, &key, &owner).await;
            let (id, principal) = (activated.activation, owner.principal());
            world.change(activated.license, Change::Suspend).await;
            assert_eq!(refusal(rebind(&world, &principal, id, &device).await), Code::LicenseSuspended);
            world.change(activated.license, Change::Resume).await;
            world.sign_out(&owner).await;
            assert_eq!(refusal(rebind(&world, &principal, id, &device).await), Code::TokenExpired);
            assert_eq!(world.remaining(activated.license).await.rebinds, 4);
        });
    }
}
