//! Lets the device keys of one machine share its seat. A machine can have several keys: of its users,
//! operating systems and reinstallations.

use keystead_domain::Millis;
use keystead_domain::activation::Activation;
use keystead_domain::license::License;
use keystead_domain::policy::PolicyRules;
use keystead_protocol::fingerprint::Fingerprint;
use keystead_protocol::id::ActivationId;
use keystead_storage::{ActivationDetails, Tx};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::budget_ledger;
use crate::licensing::channel::Channel;

/// Maximum number of live activations whose hardware is compared with that of a new device key.
const MAX_COMPARED: u32 = 50;

/// The inputs for adding a device key to a seat that its machine already uses.
pub struct SeatShare<'a> {
    /// The server.
    pub app: &'a Shared,
    /// The license.
    pub license: &'a License,
    /// The license's rules.
    pub rules: &'a PolicyRules,
    /// How the request reaches the server.
    pub by: Channel,
    /// Id of the budget entry.
    pub use_id: [u8; 16],
    /// The current time.
    pub now: Millis,
}

/// Finds a live activation of the license on the same hardware.
pub fn same_machine(
    tx: &mut Tx<'_>,
    license: &License,
    seen: &Fingerprint,
) -> Result<Option<ActivationDetails>, AppError> {
    if license.seats_used == 0 {
        return Ok(None);
    }
    let live = tx.activations_of_license(license.id, MAX_COMPARED)?;
    Ok(live.into_iter().find(|details| details.activation.is_same_device(seen)))
}

impl SeatShare<'_> {
    /// Spends the budget for another device key on the seat and returns the seat. If the seat is full,
    /// supersedes the keys that were refreshed least recently.
    pub fn run(&self, tx: &mut Tx<'_>, other: &Activation) -> Result<ActivationId, AppError> {
        budget_ledger::pay(tx, self.license.id, (self.rules, self.by), self.use_id, self.now)?;
        let live = tx.activations_of_seat(other.seat)?;
        let room = (self.rules.keys_per_seat as usize).saturating_sub(1);
        for oldest in live.iter().take(live.len().saturating_sub(room)) {
            supersede(tx, self.app, &oldest.activation, self.now)?;
        }
        Ok(other.seat)
    }
}

/// Supersedes all activations on the seat of `moved` that have other hardware. One seat serves one machine.
pub fn leave_others_behind(
    tx: &mut Tx<'_>,
    app: &Shared,
    moved: &Activation,
    now: Millis,
) -> Result<(), AppError> {
    for ActivationDetails { activation, .. } in tx.activations_of_seat(moved.seat)? {
        if activation.id != moved.id && !activation.is_same_device(&moved.baseline) {
            supersede(tx, app, &activation, now)?;
        }
    }
    Ok(())
}

fn supersede(tx: &mut Tx<'_>, app: &Shared, activation: &Activation, now: Millis) -> Result<(), AppError> {
    let id = activation.id;
    tx.activation_set_status(id, activation.status.supersede(now)?)?;
    Event { id: app.new_id(), at: now, actor: "system", action: "activation.supersede" }.record(
        tx,
        id,
        activation.license,
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use keystead_domain::activation::ActivationStatus;
    use keystead_protocol::Code;

    use crate::testing::{Device, on_both, refusal};

    #[test]
    fn another_key_on_the_same_machine_shares_its_seat() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let first = world.activated(&device, &key).await;
            let second = world.activated(&device.with_key_of(2), &key).await;
            assert_ne!(first.device, second.device);
            let seat = world.activation(second.activation).await.activation.seat;
            assert_eq!(seat, first.activation);
            assert_eq!(world.license(first.license).await.seats_used, 1);
            assert_eq!(world.remaining(first.license).await.reinstalls, 5);
        });
    }

    #[test]
    fn oldest_key_makes_room_on_a_full_seat() {
        on_both(async |world| {
            let device = Device::new(1);
            let key = world.key_with(|rules| rules.keys_per_seat = 2).await;
            let first = world.activated(&device, &key).await;
            let second = world.activated(&device.with_key_of(2), &key).await;
            world.pass(1).await;
            world.activated(&device.with_key_of(3), &key).await;
            let status = world.activation(first.activation).await.activation.status;
            assert_eq!(status, ActivationStatus::Superseded { at: world.now() });
            let audit = world.audit(first.activation).await;
            let event = audit.last().unwrap();
            assert_eq!((event.actor.as_str(), event.action.as_str()), ("system", "activation.supersede"));
            assert_eq!(world.activation(second.activation).await.activation.status, ActivationStatus::Active);
        });
    }

    #[test]
    fn new_key_is_refused_when_the_reinstallations_are_spent() {
        on_both(async |world| {
            let device = Device::new(1);
            let key = world.key_with(|rules| (rules.seats, rules.reinstalls) = (2, 0)).await;
            let license = world.activated(&device, &key).await.license;
            let refused = world.activate(&device.with_key_of(2), &key).await;
            assert_eq!(refusal(refused), Code::ReinstallBudgetExhausted);
            assert_eq!(world.license(license).await.seats_used, 1);
        });
    }

    #[test]
    fn similar_machine_gets_a_seat_of_its_own() {
        on_both(async |world| {
            let device = Device::new(1);
            let key = world.key_with(|rules| rules.seats = 2).await;
            world.activated(&device, &key).await;
            let other = world.activated(&device.with_new_board().with_key_of(2), &key).await;
            assert_eq!(world.license(other.license).await.seats_used, 2);
            assert_eq!(world.remaining(other.license).await.reinstalls, 6);
        });
    }
}
