//! The ratchet's two promises, over random histories: a lonely device on a lossy network never raises an alarm, and
//! two living copies cannot both go on unseen.

use keystead_domain::ratchet::{Ratchet, Shown, Step, Value};
use keystead_protocol::id::ActivationId;
use proptest::prelude::*;

use crate::support::KEY;

#[derive(Clone)]
struct Device {
    r: Value,
    pending: Option<Value>,
}

impl Device {
    /// Sends the pair that was stored before; keeps it until an answer arrives.
    fn shows(&mut self, fresh: u64) -> Shown {
        let mut x = [0; 16];
        x[..8].copy_from_slice(&fresh.to_be_bytes());
        Shown { r: self.r, x: *self.pending.get_or_insert(x) }
    }

    fn receives(&mut self, ratchet: &Ratchet) {
        *self = Device { r: ratchet.current, pending: None };
    }
}

fn step(ratchet: &mut Ratchet, shown: Shown) -> Step {
    let step = ratchet.step(&KEY, ActivationId::from_bytes([1; 16]), shown);
    if let Step::Advanced(next) | Step::Forked(next) = step {
        *ratchet = next;
    }
    step
}

proptest! {
    #[test]
    fn a_lonely_device_on_a_lossy_network_never_raises_an_alarm(
        losses in prop::collection::vec((any::<bool>(), any::<bool>()), 0..60)
    ) {
        let mut ratchet = Ratchet::start([0; 16]);
        let mut device = Device { r: [0; 16], pending: None };
        for (at, (request_lost, answer_lost)) in losses.into_iter().enumerate() {
            let shown = device.shows(at as u64);
            if request_lost {
                continue;
            }
            let step = step(&mut ratchet, shown);
            prop_assert!(matches!(step, Step::Advanced(_) | Step::Repeated), "{step:?}");
            if !answer_lost {
                device.receives(&ratchet);
            }
        }
    }

    #[test]
    fn two_living_copies_cannot_both_go_on_unseen(turns in prop::collection::vec(any::<bool>(), 1..40)) {
        let mut ratchet = Ratchet::start([0; 16]);
        let original = Device { r: [0; 16], pending: None };
        let mut copies = [original.clone(), original];
        let mut refreshed = [false, false];
        let mut seen = false;
        for (at, second) in turns.into_iter().enumerate() {
            let copy = &mut copies[usize::from(second)];
            let shown = copy.shows(2 * at as u64 + u64::from(second));
            match step(&mut ratchet, shown) {
                Step::Advanced(_) | Step::Repeated => {}
                Step::Forked(_) => seen = true,
                Step::CloneConfirmed => return Ok(()),
            }
            copy.receives(&ratchet);
            refreshed[usize::from(second)] = true;
            prop_assert!(seen || refreshed != [true, true]);
        }
    }
}

#[test]
fn copies_that_take_turns_are_confirmed_at_the_third_turn() {
    let mut ratchet = Ratchet::start([0; 16]);
    let mut copies = [Device { r: [0; 16], pending: None }, Device { r: [0; 16], pending: None }];
    let first = copies[0].shows(1);
    assert!(matches!(step(&mut ratchet, first), Step::Advanced(_)));
    copies[0].receives(&ratchet);
    let second = copies[1].shows(2);
    assert!(matches!(step(&mut ratchet, second), Step::Forked(_)));
    copies[1].receives(&ratchet);
    let third = copies[0].shows(3);
    assert_eq!(step(&mut ratchet, third), Step::CloneConfirmed);
}
