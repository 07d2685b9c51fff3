//! Repeated activation by a device key that has a live activation. The device lost its state, or its user
//! entered the product key again.

use keystead_domain::activation::{Activation, ActivationStatus, LeaseTerms};
use keystead_domain::policy::PolicyRules;
use keystead_domain::ratchet::Value;
use keystead_domain::{Millis, Refusal};
use keystead_protocol::Code;
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::fingerprint::{Fingerprint, Similarity, Thresholds};
use keystead_storage::{ActivationDetails, Tx};

use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::budget_ledger::{self, Spending};
use crate::licensing::channel::Channel;
use crate::licensing::share_seat;

/// An activation request by a device key that has a live activation.
pub struct Reactivation<'a> {
    /// The server.
    pub app: &'a Shared,
    /// The device key.
    pub key: DevicePublicKey,
    /// The current hardware.
    pub seen: &'a Fingerprint,
    /// The license's rules.
    pub rules: &'a PolicyRules,
    /// The new ratchet value.
    pub ratchet: Value,
    /// Id of the budget entry.
    pub use_id: [u8; 16],
    /// How the request reaches the server.
    pub by: Channel,
    /// Whether the seat will float.
    pub floats: bool,
    /// Whether the request may accept changed hardware and resolve a fork. Only the owner's decision allows
    /// this.
    pub settles: bool,
    /// The current time.
    pub now: Millis,
}

impl Reactivation<'_> {
    /// Returns the updated activation with its lease.
    ///
    /// Within a week, an online request is free if nothing has changed: the last response is repeated. After
    /// that, the device starts a new ratchet and gets a new lease. This costs one reinstallation, because a
    /// copy of the device key could make the same request. By file, it costs one move, or nothing if three
    /// quarters of the lease have passed.
    ///
    /// If the hardware changed too much or too often, or the activation is forked, the request needs
    /// `settles` and costs one move.
    ///
    /// # Errors
    /// [`Refusal::ForkDetected`] or [`Refusal::DifferentDevice`] if the request needs `settles` and it is
    /// `false`. The budget's refusal if no use is left.
    pub fn run(&self, tx: &mut Tx<'_>, found: &ActivationDetails) -> Result<Activation, AppError> {
        let activation = found.activation.clone();
        tx.device_touch(activation.device, self.now)?;
        // The response to a request by file is never repeated. The new ratchet value voids a release file
        // that was not uploaded yet.
        let by_file = self.by == Channel::File;
        if !by_file && activation.is_repeated_by(self.seen, self.now) && self.repeats(tx, found)? {
            return Ok(activation);
        }
        let terms = LeaseTerms { rules: self.rules, license_expiry: found.license.expires_at };
        let renewed = self.renew(tx, found, (activation, terms))?;
        // The new lease never ends before the current one.
        let served_until = found.activation.serves_until;
        let renewed = Activation { floating: self.floats, ..renewed }.with_lease(terms);
        Ok(Activation { serves_until: renewed.serves_until.max(served_until), ..renewed })
    }

    /// Whether a free repeat is left. The limit bounds the number of copies that share one lease.
    fn repeats(&self, tx: &mut Tx<'_>, found: &ActivationDetails) -> Result<bool, AppError> {
        let spending = Spending::Repeat { seats: found.license.seats };
        match budget_ledger::spend(tx, found.license.id, spending, self.use_id, self.now) {
            Ok(()) => Ok(true),
            Err(error) if error.code() == Code::RebindBudgetExhausted => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn renew(
        &self,
        tx: &mut Tx<'_>,
        found: &ActivationDetails,
        (activation, terms): (Activation, LeaseTerms<'_>),
    ) -> Result<Activation, AppError> {
        let license = found.license.id;
        let compared = activation.baseline.compare(self.seen, self.key.proof(), Thresholds::default());
        let copied = matches!(activation.status, ActivationStatus::Forked { .. });
        let small = compared.similarity >= Similarity::Minor && !copied;
        if let Some(drift) = activation.drift.follow(compared.drift, self.now).filter(|_| small) {
            let due = activation.is_due(terms, self.now);
            if self.by != Channel::File || !due {
                budget_ledger::pay(tx, license, (self.rules, self.by), self.use_id, self.now)?;
            }
            return Ok(activation.reactivate(self.seen, drift, self.ratchet, (terms, self.now))?);
        }
        if !self.settles {
            return Err(if copied { Refusal::ForkDetected } else { Refusal::DifferentDevice }.into());
        }
        budget_ledger::spend(tx, license, Spending::Rebind(self.rules), self.use_id, self.now)?;
        let moved = activation.rebind(self.seen, self.ratchet, terms, self.now)?;
        share_seat::leave_others_behind(tx, self.app, &moved, self.now)?;
        Ok(moved)
    }
}

#[cfg(test)]
mod tests {
    use keystead_domain::DAY;
    use keystead_domain::activation::REPEAT_WINDOW;

    use super::*;
    use crate::licensing::refresh_certificate::refresh_certificate;
    use crate::testing::{Device, on_both, refusal};

    #[test]
    fn response_that_was_lost_is_repeated_at_no_cost() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let first = world.activated(&device, &key).await;
            world.pass(REPEAT_WINDOW - 1).await;
            let again = world.activated(&device, &key).await;
            assert_eq!((again.activation, &again.ratchet), (first.activation, &first.ratchet));
            let serves_until = world.activation(first.activation).await.activation.serves_until;
            assert!(serves_until < world.now() + 210 * DAY, "the lease is the first one");
            assert_eq!(world.remaining(first.license).await.reinstalls, 6);
            assert_eq!(world.actions(first.activation).await, ["activation.create", "activation.repeat"]);
        });
    }

    #[test]
    fn device_that_lost_its_state_later_spends_a_reinstallation() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key_with(|rules| rules.reinstalls = 1).await);
            let first = world.activated(&device, &key).await;
            world.pass(REPEAT_WINDOW).await;
            let again = world.activated(&device, &key).await;
            assert_eq!(again.activation, first.activation);
            assert_ne!(again.ratchet, first.ratchet);
            let left = world.remaining(first.license).await;
            assert_eq!((left.reinstalls, left.rebinds), (0, 4));
            world.pass(REPEAT_WINDOW).await;
            assert_eq!(refusal(world.activate(&device, &key).await), Code::ReinstallBudgetExhausted);
        });
    }

    #[test]
    fn only_the_last_answer_is_repeated_not_one_before_a_refresh() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let first = world.activated(&device, &key).await;
            let asked = device.refresh(&first.ratchet, 1);
            refresh_certificate(&world.app, first.activation, asked, &world.signed(&device)).await.unwrap();
            world.activated(&device, &key).await;
            assert_eq!(world.remaining(first.license).await.reinstalls, 5);
        });
    }

    #[test]
    fn changed_hardware_counts_as_a_move() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key_with(|rules| rules.rebinds = 1).await);
            let first = world.activated(&device, &key).await;
            let changed = device.with_new_board();
            assert_eq!(world.activated(&changed, &key).await.activation, first.activation);
            let left = world.remaining(first.license).await;
            assert_eq!((left.rebinds, left.reinstalls), (0, 6));
            assert_eq!(refusal(world.activate(&device, &key).await), Code::RebindBudgetExhausted);
        });
    }

    #[test]
    fn free_repeats_are_limited_by_the_seats_of_the_license() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let license = world.activated(&device, &key).await.license;
            for _ in 0..10 {
                world.activated(&device, &key).await;
            }
            assert_eq!(world.remaining(license).await.reinstalls, 6);
            world.activated(&device, &key).await;
            assert_eq!(world.remaining(license).await.reinstalls, 5);
        });
    }
}
