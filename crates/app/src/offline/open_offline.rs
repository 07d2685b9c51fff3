//! Handles the first time that a confirmed offline installation comes online. The device reveals the values
//! behind its installation ID and gets a certificate.

use keystead_domain::Millis;
use keystead_domain::activation::{Activation, LeaseTerms};
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OpenRequest};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::OutboxId;
use keystead_protocol::offline::{Commitment, InstallationId};
use keystead_storage::{ActivationDetails, Tx};

use crate::audit::Event;
use crate::context::Shared;
use crate::credential::Credential;
use crate::entropy;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::certificate::{self, Issued, Subject};
use crate::licensing::channel::Channel;
use crate::licensing::claim_seat::DeviceClaim;
use crate::licensing::find_license::missing;
use crate::licensing::reactivation::Reactivation;
use crate::licensing::{assign_device, release_activation};
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Assigns the activation of a confirmed installation ID to the device that signed `request`.
pub async fn open_offline(
    app: &Shared,
    asked: OpenRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<Activated>, AppError> {
    let DeviceClaim { key: public_key, platform, .. } = DeviceClaim::check(&asked.device, None)?;
    let (id, nonce) = typed(&asked)?;
    let proven = request.verify(app, public_key)?;
    let credential = Credential::from(&Principal::Anonymous).on_device(&asked.device.key.pk);
    let once = IdempotentRequest::new(request, credential, Some(proven.nonce));
    let (shared, now) = (app.clone(), app.now());
    let (ratchet, token_id) = (entropy::bytes(), app.new_id());
    let (message, device, use_id) = (app.new_id::<OutboxId>(), app.new_id(), app.new_id());
    let issued = once.run(app, move |tx| {
        let refused = || AppError::from(Code::ConfirmationRefused);
        let known = tx.offline_installation_by_id(&id.payload())?.ok_or_else(refused)?;
        let mut details = tx.activation_by_id(known.activation)?.ok_or_else(|| missing("activation"))?;
        let terms = shared.catalog.terms(tx, &details.license)?;
        let (product, seen) = (&*terms.product.slug, &asked.device.fingerprint);
        if !id.opens(&Commitment { product, device_key: &public_key, fingerprint: seen, nonce }) {
            return Err(refused());
        }
        details.license.is_usable(now)?;
        // The confirmation replaces the owner's decision, but only the first time.
        let settles = details.device_key == id.stand_in();
        if settles {
            tx.offline_installation_open(&id.payload(), now)?;
            details = only_one(tx, details, public_key, now)?;
        } else if details.device_key != public_key {
            // The activation was moved to another device.
            return Err(refused());
        }
        let rules = &terms.policy.rules;
        let lease_terms = LeaseTerms { rules, license_expiry: details.license.expires_at };
        let activation = if details.device_key == public_key {
            let (app, by) = (&shared, channel(settles));
            let (key, floats) = (public_key, details.activation.floating);
            let returning = Reactivation { app, key, seen, rules, ratchet, use_id, by, floats, settles, now };
            returning.run(tx, &details)?
        } else {
            let opened = details.activation.clone().rebind(seen, ratchet, lease_terms, now)?;
            let device = assign_device::assign(tx, &details, public_key, device, now)?;
            Activation { device, ..opened }
        };
        tx.activation_update(&activation)?;
        tx.device_set_platform(activation.device, &platform)?;
        let actor = format!("device:{}", activation.device);
        Event { id: message, at: now, actor: &actor, action: "activation.open" }.record(
            tx,
            activation.id,
            details.license.id,
        );
        let license = &details.license;
        let subject =
            Subject { activation, license, terms: &terms, device_key: proven.key, token_id, reason: "open" };
        Ok(Outcome::Done(certificate::issue(tx, &shared, subject, now)?))
    });
    issued.await?.try_map(|issued: Issued| issued.sign(app))
}

const fn channel(settles: bool) -> Channel {
    if settles { Channel::Owner } else { Channel::Key }
}

fn typed(asked: &OpenRequest) -> Result<(InstallationId, u64), AppError> {
    let id = asked.installation_id.parse();
    let id = id.map_err(|error| AppError::with_detail(Code::InstallationIdMistyped, error))?;
    let nonce = u64::from_str_radix(&asked.nonce, 16);
    Ok((id, nonce.map_err(|_| AppError::value("nonce", "16 hexadecimal digits"))?))
}

/// If the device already has an activation on the license, frees the confirmed seat and returns that
/// activation.
fn only_one(
    tx: &mut Tx<'_>,
    confirmed: ActivationDetails,
    key: DevicePublicKey,
    now: Millis,
) -> Result<ActivationDetails, AppError> {
    let Some(device) = tx.device_by_key(key)? else { return Ok(confirmed) };
    let Some(live) = tx.activation_of_device(confirmed.license.id, device.id)? else { return Ok(confirmed) };
    release_activation::release(tx, &confirmed.activation, now)?;
    Ok(live)
}

#[cfg(test)]
mod tests {
    use keystead_protocol::api::RebindRequest;
    use keystead_protocol::id::LicenseId;

    use super::*;
    use crate::licensing::change_license_status::Change;
    use crate::licensing::rebind_device::rebind_device;
    use crate::testing::{Customer, Device, World, on_both, refusal, value};

    fn shown(device: &Device) -> OpenRequest {
        let (id, nonce) = device.installation_id();
        OpenRequest {
            installation_id: id.to_string(),
            nonce: format!("{nonce:016x}"),
            device: device.description(),
        }
    }

    async fn opened(world: &World, device: &Device) -> Result<StoredResponse<Activated>, AppError> {
        open_offline(&world.app, shown(device), &world.signed(device)).await
    }

    /// Confirms the installation of `device` on a license of a new customer.
    async fn confirmed(world: &World, device: &Device) -> (Customer, LicenseId) {
        let owner = world.customer().await;
        let license = world.owned(&owner, |rules| rules.seats = 2).await;
        let (id, _) = device.installation_id();
        value(world.confirm(&owner.principal(), license, id, None).await);
        (owner, license)
    }

    #[test]
    fn confirmed_device_gets_its_certificate_and_keeps_its_seat() {
        on_both(async |world| {
            let device = Device::new(1);
            let (_, license) = confirmed(&world, &device).await;
            let first = value(opened(&world, &device).await);
            assert_eq!(first.license, license);
            let details = world.activation(first.activation).await;
            assert_eq!(details.device_key, device.public_key());
            assert_eq!(world.license(license).await.seats_used, 1);
            let actions = world.actions(first.activation).await;
            assert_eq!(actions, ["activation.confirm_offline", "activation.open"]);
            let second = value(opened(&world, &device).await);
            assert_eq!((second.activation, &second.ratchet), (first.activation, &first.ratchet));
            assert_eq!(world.remaining(license).await.reinstalls, 6, "a lost response costs nothing");
        });
    }

    #[test]
    fn only_the_device_that_committed_itself_opens_the_installation() {
        on_both(async |world| {
            let (device, other) = (Device::new(1), Device::new(2));
            confirmed(&world, &device).await;
            let stolen = OpenRequest { device: other.description(), ..shown(&device) };
            let refused = open_offline(&world.app, stolen, &world.signed(&other)).await;
            assert_eq!(refusal(refused), Code::ConfirmationRefused);
            assert_eq!(refusal(opened(&world, &other).await), Code::ConfirmationRefused, "never confirmed");
            let changed = OpenRequest { device: device.with_new_board().description(), ..shown(&device) };
            let refused = open_offline(&world.app, changed, &world.signed(&device)).await;
            assert_eq!(refusal(refused), Code::ConfirmationRefused);
            let garbled = OpenRequest { nonce: "?".to_owned(), ..shown(&device) };
            let refused = open_offline(&world.app, garbled, &world.signed(&device)).await;
            assert_eq!(refusal(refused), Code::ValueNotAllowed);
        });
    }

    #[test]
    fn device_that_has_a_seat_gives_the_confirmed_one_back() {
        on_both(async |world| {
            let (device, owner) = (Device::new(1), world.customer().await);
            let key = world.key_with(|rules| rules.seats = 2).await;
            let activated = world.linked(&device, &key, &owner).await;
            let (id, _) = device.installation_id();
            value(world.confirm(&owner.principal(), activated.license, id, None).await);
            assert_eq!(world.license(activated.license).await.seats_used, 2);
            assert_eq!(value(opened(&world, &device).await).activation, activated.activation);
            assert_eq!(world.license(activated.license).await.seats_used, 1);
        });
    }

    #[test]
    fn confirmation_is_void_once_the_activation_moved_to_another_device() {
        on_both(async |world| {
            let (device, moved) = (Device::new(1), Device::new(2));
            let (owner, _) = confirmed(&world, &device).await;
            let activation = value(opened(&world, &device).await).activation;
            let asked =
                RebindRequest { device: moved.description(), confirm: "this_is_that_device".to_owned() };
            let (principal, request) = (owner.principal(), world.signed(&moved));
            value(rebind_device(&world.app, &principal, activation, asked, &request).await);
            assert_eq!(refusal(opened(&world, &device).await), Code::ConfirmationRefused);
        });
    }

    #[test]
    fn suspended_license_opens_nothing() {
        on_both(async |world| {
            let device = Device::new(1);
            let (_, license) = confirmed(&world, &device).await;
            world.change(license, Change::Suspend).await;
            assert_eq!(refusal(opened(&world, &device).await), Code::LicenseSuspended);
        });
    }
}
