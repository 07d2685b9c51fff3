//! Activates a device with a product key, or with the owner's sign-in.

use std::sync::Arc;

use keystead_domain::account::check_slug;
use keystead_domain::license::{Claimant, License};
use keystead_domain::{Millis, Refusal};
use keystead_protocol::api::{ActivateRequest, Activated};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::{AccountId, LicenseId};
use keystead_protocol::{Code, ProductKey};
use keystead_storage::{Policy, Product, Tx};

use crate::context::Shared;
use crate::credential::Credential;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::certificate::Issued;
use crate::licensing::channel::Channel;
use crate::licensing::claim_seat::{DeviceClaim, PregeneratedIds, SeatClaim};
use crate::licensing::find_license;
use crate::principal::Principal;
use crate::request::SignedRequest;

/// The principal's claim to a license.
#[derive(Clone, Copy)]
enum Claim {
    Key(ProductKey, Claimant),
    Owner(AccountId, Option<LicenseId>),
}

/// Activates the device that signed `request`.
pub async fn activate_device(
    app: &Shared,
    principal: &Principal,
    asked: ActivateRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<Activated>, AppError> {
    if asked.product_key.is_none() {
        return activate(app, principal, asked, request).await;
    }
    find_license::by_key(app, request.from, activate(app, principal, asked, request)).await
}

async fn activate(
    app: &Shared,
    principal: &Principal,
    asked: ActivateRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<Activated>, AppError> {
    let applicant = DeviceClaim::check(&asked.device, asked.app_version.as_deref())?;
    // The device's proof is verified first, so an invalid proof reveals nothing about the product key.
    let proven = request.verify(app, applicant.key)?;
    let product = product(app, &asked.product).await?;
    let owner = principal.account();
    let key = asked.product_key.as_deref().map(|typed| find_license::authentic(app, typed)).transpose()?;
    let claim = match (key, owner) {
        (Some(key), None) => Claim::Key(key, Claimant::KeyHolder),
        (Some(key), Some(account)) => Claim::Key(key, Claimant::SignedInKeyHolder(account)),
        (None, Some(account)) => Claim::Owner(account, asked.license),
        (None, None) => return Err(Code::SignInRequired.into()),
    };
    let principal = Credential::from(principal).on_device(&asked.device.key.pk);
    let once = IdempotentRequest::new(request, principal, Some(proven.nonce));
    let (shared, fresh, now) = (app.clone(), PregeneratedIds::draw(app), app.now());
    let new_license = app.new_id();
    let issued = once.run(app, move |tx| {
        let app = &shared;
        let licenses = LicenseLookup { app, product: &product, device: applicant.key, new_license, now };
        let (license, policy) = match claim {
            Claim::Key(key, claimant) => licenses.by_key(tx, key, claimant)?,
            Claim::Owner(account, wanted) => licenses.of_owner(tx, account, wanted)?,
        };
        let is_owner = owner.is_some_and(|owner| license.require_owner(owner).is_ok());
        let by = if is_owner { Channel::Owner } else { Channel::Key };
        let seating = SeatClaim { app, applicant: &applicant, license, policy, by, fresh, now };
        Ok(Outcome::Created(seating.run(tx)?))
    });
    issued.await?.try_map(|issued: Issued| issued.sign(app))
}

async fn product(app: &Shared, slug: &str) -> Result<Arc<Product>, AppError> {
    check_slug(slug).map_err(|_| AppError::from(Code::NotFound))?;
    let (shared, slug) = (app.clone(), slug.to_owned());
    let found = app.store.read(move |connection| shared.catalog.product(connection, &slug)).await?;
    found.ok_or_else(|| Code::NotFound.into())
}

/// Finds the license on which a device is activated.
struct LicenseLookup<'a> {
    app: &'a Shared,
    product: &'a Product,
    device: DevicePublicKey,
    /// Id of the license that the first use of a product key creates.
    new_license: LicenseId,
    now: Millis,
}

impl LicenseLookup<'_> {
    /// The license that the key claims. Ownership is checked before the product. Otherwise anonymous clients
    /// could learn that an owned license belongs to another product.
    fn by_key(
        &self,
        tx: &mut Tx<'_>,
        key: ProductKey,
        claimant: Claimant,
    ) -> Result<(License, Arc<Policy>), AppError> {
        let (license, policy) = find_license::claim(tx, self.app, key, self.new_license, self.now)?;
        find_license::admit(&license, claimant, &policy, self.now)?;
        if license.product != self.product.id {
            return Err(Refusal::ProductKeyOtherProduct.into());
        }
        Ok((license, policy))
    }

    /// Chooses one of the owner's licenses: the requested one, the one that the device already uses, or the
    /// first with a free seat.
    fn of_owner(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
        wanted: Option<LicenseId>,
    ) -> Result<(License, Arc<Policy>), AppError> {
        let mut licenses = tx.licenses_of_account_for_product(account, self.product.id)?;
        licenses.retain(|license| wanted.is_none_or(|wanted| wanted == license.id));
        let usable = |license: &&License| license.is_usable(self.now).is_ok();
        let free = |license: &&License| license.seats_used < license.seats && usable(license);
        // If no license is usable, the newest one determines the refusal.
        let license = self
            .in_use(tx, &licenses)?
            .or_else(|| licenses.iter().find(free))
            .or_else(|| licenses.iter().find(usable))
            .or_else(|| licenses.last())
            .cloned()
            .ok_or(Refusal::NoLicense)?;
        let policy = self.app.catalog.policy(tx, license.policy)?;
        license.admit(Claimant::Account(account), policy.rules.account, self.now)?;
        Ok((license, policy))
    }

    /// The newest usable license on which the device has a seat.
    fn in_use<'l>(&self, tx: &mut Tx<'_>, licenses: &'l [License]) -> Result<Option<&'l License>, AppError> {
        let Some(device) = tx.device_by_key(self.device)? else { return Ok(None) };
        for license in licenses.iter().rev().filter(|license| license.is_usable(self.now).is_ok()) {
            if tx.activation_of_device(license.id, device.id)?.is_some() {
                return Ok(Some(license));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use keystead_protocol::api::{AccountRule, ProblemFacts};
    use keystead_protocol::state::State;

    use super::*;
    use crate::testing::{Device, on_both, refusal, value};

    #[test]
    fn product_key_activates_a_device_and_the_audit_log_says_so() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let activated = world.activate(&device, &key).await.unwrap();
            assert_eq!(activated.outcome, Outcome::Created(()));
            let activated = activated.value().unwrap();
            assert_eq!(activated.state, State::Activated);
            assert_eq!(world.license(activated.license).await.seats_used, 1);
            let audit = world.audit(activated.activation).await;
            let event = audit.first().unwrap();
            assert_eq!((audit.len(), event.action.as_str()), (1, "activation.create"));
            assert_eq!(event.actor, format!("device:{}", activated.device));
            assert_eq!(event.detail, activated.license.to_string());
        });
    }

    #[test]
    fn repeated_request_gets_the_same_certificate_and_no_second_seat() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key_with(|rules| rules.seats = 2).await);
            let request = world.signed(&device);
            let activate = || {
                activate_device(&world.app, &Principal::Anonymous, device.with_product_key(&key), &request)
            };
            let (first, second) = (activate().await.unwrap(), activate().await.unwrap());
            assert_eq!((first.outcome, first.body.clone()), (second.outcome, second.body.clone()));
            let activated = first.value().unwrap();
            assert_eq!(world.license(activated.license).await.seats_used, 1);
            assert_eq!(world.actions(activated.activation).await, ["activation.create"]);
        });
    }

    #[test]
    fn second_device_on_one_seat_is_refused_with_the_number_of_seats() {
        on_both(async |world| {
            let key = world.key().await;
            world.activated(&Device::new(1), &key).await;
            let refused = world.activate(&Device::new(2), &key).await.err().unwrap();
            assert_eq!(refused.code(), Code::NoFreeSeat);
            assert_eq!(refused.facts, Some(ProblemFacts::Seats { limit: 1, used: 1 }));
        });
    }

    #[test]
    fn signature_is_checked_before_the_product_key() {
        on_both(async |world| {
            let (device, app) = (Device::new(1), &world.app);
            world.define("studio").await;
            let asked = device.with_product_key("not a product key");
            let activate = async |request: &SignedRequest| {
                refusal(activate_device(app, &Principal::Anonymous, asked.clone(), request).await)
            };
            assert_eq!(activate(&world.request()).await, Code::ProofMissing);
            assert_eq!(activate(&world.signed(&Device::new(2))).await, Code::DifferentDevice);
            assert_eq!(activate(&world.signed(&device)).await, Code::ProductKeyMistyped);
        });
    }

    #[test]
    fn owner_activates_another_device_without_the_product_key() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key_with(|rules| rules.seats = 2).await);
            let first = world.linked(&Device::new(1), &key, &owner).await;
            let (second, app) = (Device::new(2), &world.app);
            let asked = second.without_product_key();
            let activated =
                value(activate_device(app, &owner.principal(), asked.clone(), &world.signed(&second)).await);
            assert_eq!((activated.license, activated.state), (first.license, State::ActivatedLinked));
            let anonymous = activate_device(app, &Principal::Anonymous, asked, &world.signed(&second)).await;
            assert_eq!(refusal(anonymous), Code::SignInRequired);
        });
    }

    #[test]
    fn product_key_of_a_linked_license_works_for_its_owner_only() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let key = world.key_with(|rules| rules.seats = 2).await;
            world.linked(&Device::new(1), &key, &owner).await;
            let device = Device::new(2);
            let activate = async |principal: &Principal| {
                let asked = device.with_product_key(&key);
                activate_device(&world.app, principal, asked, &world.signed(&device)).await
            };
            assert_eq!(refusal(activate(&Principal::Anonymous).await), Code::ProductKeyNotAccepted);
            assert_eq!(refusal(activate(&stranger.principal()).await), Code::OwnerOnly);
            value(activate(&owner.principal()).await);
        });
    }

    #[test]
    fn policy_that_requires_an_account_refuses_a_key_without_a_sign_in() {
        on_both(async |world| {
            let customer = world.customer().await;
            let key = world.key_with(|rules| rules.account = AccountRule::Required).await;
            let device = Device::new(1);
            assert_eq!(refusal(world.activate(&device, &key).await), Code::AccountRequired);
            let asked = device.with_product_key(&key);
            let (principal, request) = (customer.principal(), world.signed(&device));
            value(activate_device(&world.app, &principal, asked, &request).await);
        });
    }

    #[test]
    fn sign_in_that_ended_meanwhile_activates_nothing() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key_with(|rules| rules.seats = 2).await);
            let license = world.linked(&Device::new(1), &key, &owner).await.license;
            let device = Device::new(2);
            let (asked, request) = (device.without_product_key(), world.signed(&device));
            world.sign_out(&owner).await;
            let refused = activate_device(&world.app, &owner.principal(), asked, &request).await;
            assert_eq!(refusal(refused), Code::TokenExpired);
            assert_eq!(world.license(license).await.seats_used, 1);
        });
    }
}
