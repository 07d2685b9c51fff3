//! Confirms the activation of an offline device. The owner or support types its installation ID and gets the
//! lines of the confirmation ID.

use keystead_domain::account::check_name;
use keystead_domain::activation::{Activation, ActivationStatus, Drift};
use keystead_domain::license::License;
use keystead_domain::ratchet::Ratchet;
use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::api::{ConfirmRequest, OfflineConfirmation};
use keystead_protocol::fingerprint::{Fingerprint, MachineClass};
use keystead_protocol::id::{ActivationId, DeviceId, OutboxId};
use keystead_protocol::offline::InstallationId;
use keystead_storage::{ActivationRow, Device, OfflineInstallation, Product, Tx};
use serde::{Deserialize, Serialize};

use crate::audit::Event;
use crate::context::Shared;
use crate::entropy;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::find_license::missing;
use crate::offline::authority::Authority;
use crate::offline::{extend_lease, terms};
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Ids generated before the transaction.
#[derive(Clone, Copy)]
struct PregeneratedIds {
    device: DeviceId,
    activation: ActivationId,
    message: OutboxId,
    ratchet: [u8; 16],
}

/// Confirms an installation. Repeated requests for the same installation ID return the same lines.
pub async fn confirm_offline(
    app: &Shared,
    principal: &Principal,
    asked: &ConfirmRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<OfflineConfirmation>, AppError> {
    let authority = Authority::of(principal, asked.reason.as_deref())?;
    let id: InstallationId = asked
        .installation_id
        .parse()
        .map_err(|error| AppError::with_detail(Code::InstallationIdMistyped, error))?;
    let name = check_name(&asked.device_name).map_err(|error| AppError::value("device_name", error))?;
    let fresh = PregeneratedIds {
        device: app.new_id(),
        activation: app.new_id(),
        message: app.new_id(),
        ratchet: entropy::bytes(),
    };
    let (shared, license, actor, now) = (app.clone(), asked.license, principal.actor(), app.now());
    let confirmed = IdempotentRequest::new(request, principal, None).run(app, move |tx| {
        let license = tx.license_by_id(license)?.ok_or(AppError::from(Code::NotFound))?;
        authority.admit(&license, now)?;
        let product = tx.product_by_id(license.product)?.ok_or_else(|| missing("product"))?;
        if product.code != id.product_code() {
            let why = "it belongs to another product";
            return Err(AppError::with_detail(Code::InstallationIdMistyped, why));
        }
        if id.prolongs() {
            let prolonged = extend_lease::prolong(tx, &shared, license.id, id, now)?;
            let detail = authority.detail(&license);
            Event { id: fresh.message, at: now, actor: &actor, action: "activation.prolong" }.record(
                tx,
                prolonged.activation,
                detail,
            );
            return Ok(Outcome::Done(Unsigned::Extension(prolonged)));
        }
        let story = Story { license, product, id, name: &name, actor: &actor, fresh, now };
        let confirmation = match tx.offline_installation_by_id(&id.payload())? {
            Some(known) => story.again(tx, &known)?,
            None => story.first(tx, &authority)?,
        };
        Ok(Outcome::Done(confirmation))
    });
    confirmed.await?.try_map(|confirmed: Unsigned| confirmed.sign(app))
}

/// A confirmation that is not signed yet. Signing takes too long for a transaction.
#[derive(Serialize, Deserialize)]
enum Unsigned {
    Grant { activation: ActivationId, days: u32, product: String, id: String, row: u8 },
    Extension(OfflineConfirmation),
}

impl Unsigned {
    fn sign(self, app: &Shared) -> Result<OfflineConfirmation, AppError> {
        let (activation, days, product, id, row) = match self {
            Unsigned::Extension(confirmation) => return Ok(confirmation),
            Unsigned::Grant { activation, days, product, id, row } => (activation, days, product, id, row),
        };
        let id: InstallationId = id.parse().map_err(AppError::internal)?;
        let confirmed = app.keys.with(|secrets| secrets.confirmation.confirm(&product, id, row));
        let lines = confirmed.and_then(|confirmation| confirmation.lines());
        let lines = lines.ok_or(AppError::from(Code::Internal))?.to_vec();
        Ok(OfflineConfirmation { activation, lines, days })
    }
}

struct Story<'a> {
    license: License,
    product: Product,
    id: InstallationId,
    name: &'a str,
    actor: &'a str,
    fresh: PregeneratedIds,
    now: Millis,
}

impl Story<'_> {
    fn first(&self, tx: &mut Tx<'_>, authority: &Authority) -> Result<Unsigned, AppError> {
        let (row, days) = terms::row(&self.license, tx.editions_of_product(self.product.id)?, self.now)?;
        let full = self.license.seats_used >= self.license.seats;
        if full || !tx.license_claim_seat(self.license.id)? {
            return Err(self.license.no_free_seat().into());
        }
        let (fresh, now) = (self.fresh, self.now);
        tx.device_insert(&Device {
            id: fresh.device,
            public_key: self.id.stand_in(),
            name: self.name.to_owned(),
            platform: "without the internet".to_owned(),
            created_at: now,
            last_seen_at: now,
        })?;
        tx.activation_insert(&ActivationRow {
            activation: self.activation(days),
            app_version: String::new(),
        })?;
        tx.offline_installation_insert(&OfflineInstallation {
            id: self.id.payload(),
            activation: fresh.activation,
            row,
            confirmed_by: self.actor.to_owned(),
            confirmed_at: now,
            opened_at: None,
        })?;
        let detail = authority.detail(&self.license);
        Event { id: fresh.message, at: now, actor: self.actor, action: "activation.confirm_offline" }.record(
            tx,
            fresh.activation,
            detail,
        );
        Ok(self.grant(fresh.activation, row, days))
    }

    /// Returns the same lines while the activation is live.
    fn again(&self, tx: &mut Tx<'_>, known: &OfflineInstallation) -> Result<Unsigned, AppError> {
        let details = tx.activation_by_id(known.activation)?.ok_or_else(|| missing("activation"))?;
        if details.license.id != self.license.id || !details.activation.status.is_live() {
            return Err(Code::InstallationUsed.into());
        }
        let days = (details.activation.serves_until - known.confirmed_at) / DAY;
        Ok(self.grant(known.activation, known.row, u32::try_from(days).unwrap_or(0)))
    }

    fn grant(&self, activation: ActivationId, row: u8, days: u32) -> Unsigned {
        let (product, id) = (self.product.slug.clone(), self.id.to_string());
        Unsigned::Grant { activation, days, product, id, row }
    }

    fn activation(&self, days: u32) -> Activation {
        let (fresh, now) = (self.fresh, self.now);
        Activation {
            id: fresh.activation,
            license: self.license.id,
            device: fresh.device,
            seat: fresh.activation,
            status: ActivationStatus::Active,
            ratchet: Ratchet::start(fresh.ratchet),
            baseline: Fingerprint::empty(MachineClass::Phys),
            drift: Drift { points: 0, since: now },
            activated_at: now,
            refreshed_at: now,
            serves_until: now + i64::from(days) * DAY,
            // The device cannot refresh, so its seat does not float.
            floating: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use keystead_protocol::offline::{Commitment, Confirmation};

    use super::*;
    use crate::testing::{Device, on_both, refusal, value};

    #[test]
    fn owner_gets_four_lines_that_hold_a_seat_for_a_year() {
        on_both(async |world| {
            let owner = world.customer().await;
            let license = world.owned(&owner, |_| {}).await;
            let (id, _) = Device::new(1).installation_id();
            let confirmed = value(world.confirm(&owner.principal(), license, id, None).await);
            assert!(confirmed.lines.join("\n").parse::<Confirmation>().is_ok());
            assert_eq!(confirmed.days, 365);
            let activation = world.activation(confirmed.activation).await;
            assert_eq!(activation.activation.serves_until, world.now() + 365 * DAY);
            assert_eq!(activation.device_key, id.stand_in());
            assert_eq!(world.license(license).await.seats_used, 1);
            let audit = world.audit(confirmed.activation).await;
            let event = audit.first().unwrap();
            assert_eq!((audit.len(), event.action.as_str()), (1, "activation.confirm_offline"));
            assert_eq!(event.actor, format!("account:{}", owner.id()));
        });
    }

    #[test]
    fn same_installation_gets_the_same_lines_while_it_holds_its_seat() {
        on_both(async |world| {
            let (owner, principal) = (world.customer().await, Principal::Operator);
            let license = world.owned(&owner, |rules| rules.seats = 2).await;
            let other = world.owned(&owner, |_| {}).await;
            let (id, _) = Device::new(1).installation_id();
            let confirmed = value(world.confirm(&owner.principal(), license, id, None).await);
            world.pass(10 * DAY).await;
            let again = value(world.confirm(&principal, license, id, Some("a call")).await);
            assert_eq!(again, confirmed);
            assert_eq!(world.license(license).await.seats_used, 1);
            let elsewhere = world.confirm(&owner.principal(), other, id, None).await;
            assert_eq!(refusal(elsewhere), Code::InstallationUsed);
        });
    }

    #[test]
    fn reason_of_the_vendor_is_in_the_audit_log() {
        on_both(async |world| {
            let (owner, support) = (world.customer().await, Principal::Operator);
            let license = world.owned(&owner, |_| {}).await;
            let (id, _) = Device::new(1).installation_id();
            let confirmed = value(world.confirm(&support, license, id, Some("a call")).await);
            let audit = world.audit(confirmed.activation).await;
            assert_eq!(audit[0].detail, format!("{license}: a call"));
            assert_eq!(audit[0].actor, "operator");
        });
    }

    #[test]
    fn second_installation_on_one_seat_is_refused() {
        on_both(async |world| {
            let owner = world.customer().await;
            let license = world.owned(&owner, |_| {}).await;
            for (number, refused) in [(1, None), (2, Some(Code::NoFreeSeat))] {
                let (id, _) = Device::new(number).installation_id();
                let outcome = world.confirm(&owner.principal(), license, id, None).await;
                assert_eq!(outcome.err().map(|error| error.code()), refused);
            }
        });
    }

    #[test]
    fn installation_of_another_product_and_a_license_of_another_account_are_refused() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let license = world.owned(&owner, |_| {}).await;
            let device = Device::new(1);
            let (device_key, fingerprint) = (&device.public_key(), &device.fingerprint);
            let of_player = |nonce| Commitment { product: "player", device_key, fingerprint, nonce };
            let other = (0..).find_map(|nonce| InstallationId::of(2, &of_player(nonce))).unwrap();
            let refused = world.confirm(&owner.principal(), license, other, None).await;
            assert_eq!(refusal(refused), Code::InstallationIdMistyped);
            let (id, _) = device.installation_id();
            let refused = world.confirm(&stranger.principal(), license, id, None).await;
            assert_eq!(refusal(refused), Code::NotFound);
        });
    }

    #[test]
    fn sign_in_that_ended_meanwhile_confirms_nothing() {
        on_both(async |world| {
            let owner = world.customer().await;
            let license = world.owned(&owner, |_| {}).await;
            let (id, _) = Device::new(1).installation_id();
            world.sign_out(&owner).await;
            let refused = world.confirm(&owner.principal(), license, id, None).await;
            assert_eq!(refusal(refused), Code::TokenExpired);
            assert_eq!(world.license(license).await.seats_used, 0);
        });
    }
}
