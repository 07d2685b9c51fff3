//! Properties of the ratchet, tested with random histories. A single device on a lossy network never causes a fork.
//! Copies are detected as soon as one of them refreshes again after another one. A machine that is reset to a snapshot
//! causes forks, and the owner is asked only when they exceed the policy's limit.

use keystead_domain::DAY;
use keystead_domain::activation::{Fork, Presented, Refresh};
use keystead_domain::policy::PolicyRules;
use keystead_domain::ratchet::{Ratchet, Shown, Step, Value};
use keystead_protocol::fingerprint::KeyProof;
use keystead_protocol::id::ActivationId;
use proptest::prelude::*;

use crate::support::{KEY, NOW, activation, desktop, license};

#[derive(Clone)]
struct Device {
    r: Value,
    pending: Option<Value>,
}

impl Device {
    /// The pair that the device sends. It repeats the same `x` until it receives a response.
    fn shows(&mut self, fresh: u64) -> Shown {
        let mut x = [0; 16];
        x[..8].copy_from_slice(&fresh.to_be_bytes());
        Shown { r: self.r, x: *self.pending.get_or_insert(x) }
    }

    fn receives(&mut self, ratchet: &Ratchet) {
        *self = Device { r: ratchet.current, pending: None };
    }
}

/// Checks a pair, updates the ratchet, and returns the name of the result.
fn step(ratchet: &mut Ratchet, shown: Shown) -> &'static str {
    let (name, next) = match ratchet.clone().step(&KEY, ActivationId::from_bytes([1; 16]), shown, NOW) {
        Step::Advanced(next) => ("advanced", next),
        Step::Forked(next) => ("forked", next),
        Step::Repeated => return "repeated",
        Step::CloneConfirmed | Step::NotChosen => return "confirmed",
    };
    *ratchet = next;
    name
}

fn copies(count: usize) -> Vec<Device> {
    vec![Device { r: [0; 16], pending: None }; count]
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
            prop_assert!(matches!(step, "advanced" | "repeated"), "{step}");
            if !answer_lost {
                device.receives(&ratchet);
            }
        }
        prop_assert_eq!(ratchet.left_branches, []);
    }

    #[test]
    fn a_copy_that_comes_back_after_another_one_is_found_at_once(
        count in 2usize..=10,
        turns in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), any::<bool>()), 1..200)
    ) {
        let mut ratchet = Ratchet::start([0; 16]);
        let mut copies = copies(count);
        let (mut known, mut last) = (vec![false; count], None);
        for (at, (which, request_lost, answer_lost)) in turns.into_iter().enumerate() {
            let which = which.index(count);
            let shown = copies[which].shows(at as u64);
            if request_lost {
                continue;
            }
            let expected: &[&str] = match (last, known[which]) {
                (None, _) => &["advanced"],
                (Some(last), true) if last == which => &["advanced", "repeated"],
                (_, true) => &["confirmed"],
                (_, false) => &["forked"],
            };
            let step = step(&mut ratchet, shown);
            prop_assert!(expected.contains(&step), "{step}, expected {expected:?}");
            if step == "confirmed" {
                return Ok(());
            }
            (known[which], last) = (true, Some(which));
            if !answer_lost {
                copies[which].receives(&ratchet);
            }
        }
    }

    #[test]
    fn a_machine_that_is_reset_to_a_snapshot_counts_forks_and_is_no_second_copy(
        before in 0usize..4,
        waiting in any::<bool>(),
        events in prop::collection::vec(0u8..8, 1..120)
    ) {
        let mut ratchet = Ratchet::start([0; 16]);
        let mut device = Device { r: [0; 16], pending: None };
        for at in 0..before {
            step(&mut ratchet, device.shows(at as u64));
            device.receives(&ratchet);
        }
        if waiting {
            device.shows(500);
        }
        let snapshot = device.clone();
        let mut resets = 0;
        for (at, event) in events.into_iter().enumerate() {
            if event == 0 {
                device = snapshot.clone();
                resets += 1;
                continue;
            }
            let shown = device.shows(1000 + at as u64);
            if event == 1 {
                continue;
            }
            prop_assert_ne!(step(&mut ratchet, shown), "confirmed");
            if event != 2 {
                device.receives(&ratchet);
            }
        }
        prop_assert!(ratchet.left_branches.len() <= resets);
    }
}

#[test]
fn copies_that_take_turns_are_confirmed_when_the_first_one_comes_back() {
    for count in 2..=10 {
        let mut ratchet = Ratchet::start([0; 16]);
        let mut copies = copies(count);
        for (at, copy) in copies.iter_mut().enumerate() {
            let expected = if at == 0 { "advanced" } else { "forked" };
            assert_eq!(step(&mut ratchet, copy.shows(at as u64)), expected);
            copy.receives(&ratchet);
        }
        let back = copies[0].shows(99);
        assert_eq!(step(&mut ratchet, back), "confirmed");
    }
}

#[test]
fn a_copy_is_found_although_the_device_was_activated_again() {
    let mut ratchet = Ratchet::start([0; 16]);
    let mut copies = copies(2);
    for (at, copy) in copies.iter_mut().enumerate() {
        step(&mut ratchet, copy.shows(at as u64));
        copy.receives(&ratchet);
    }
    ratchet = ratchet.restart([7; 16], NOW);
    let back = copies[0].shows(9);
    assert_eq!(step(&mut ratchet, back), "confirmed");
}

#[test]
fn two_copies_are_confirmed_when_both_go_on_after_one_activated_again() {
    for original_first in [true, false] {
        let mut ratchet = Ratchet::start([0; 16]);
        let mut original = copies(1).remove(0);
        step(&mut ratchet, original.shows(1));
        original.receives(&ratchet);
        let mut copy = original.clone();
        ratchet = ratchet.restart([7; 16], NOW);
        copy.receives(&ratchet);
        let (first, second) = if original_first { (original, copy) } else { (copy, original) };
        let follows = if original_first { "forked" } else { "advanced" };
        for (mut device, expected) in [(first, follows), (second, "confirmed")] {
            assert_eq!(step(&mut ratchet, device.shows(2)), expected, "original first: {original_first}");
        }
    }
}

#[test]
fn a_device_that_never_heard_the_answer_to_its_activation_goes_on_and_is_one_fork() {
    for was_waiting in [false, true] {
        let mut ratchet = Ratchet::start([0; 16]);
        let mut device = copies(1).remove(0);
        step(&mut ratchet, device.shows(1));
        if !was_waiting {
            device.receives(&ratchet);
        }
        ratchet = ratchet.restart([7; 16], NOW).restart([8; 16], NOW);
        for expected in ["forked", "advanced", "advanced"] {
            let shown = device.shows(2);
            assert_eq!(step(&mut ratchet, shown), expected);
            device.receives(&ratchet);
        }
        assert_eq!(ratchet.forks_since(0), 1);
    }
}

/// Resets a machine to the same state at each of these times. Returns the index of the reset after which the owner is
/// asked.
fn asked_at_reset(times: impl IntoIterator<Item = i64>) -> Option<usize> {
    let rules = PolicyRules::default();
    let mut current = activation();
    for (reset, at) in times.into_iter().enumerate() {
        let shown = Shown { r: [0; 16], x: [reset as u8 + 1; 16] };
        let presented = Presented { shown, fingerprint: &desktop(), key: KeyProof::Software };
        current = match current.refresh(&license(), &rules, presented, &KEY, at).unwrap() {
            Refresh::Renewed { activation, forked } => {
                assert_eq!(forked, reset > 0);
                activation
            }
            Refresh::Forked { fork: Fork::TooOften, .. } => return Some(reset),
            other => panic!("{other:?}"),
        };
    }
    None
}

#[test]
fn a_machine_that_is_reset_too_often_asks_its_owner_and_not_before() {
    assert_eq!(asked_at_reset((0..40).map(|reset| NOW + reset * DAY)), Some(7));
    assert_eq!(asked_at_reset((0..40).map(|reset| NOW + reset * 5 * DAY)), None, "six in thirty days");
}

#[test]
fn copies_that_take_turns_slowly_are_found_although_there_are_many() {
    for count in [17, 18, 42] {
        let mut ratchet = Ratchet::start([0; 16]);
        let mut copies = copies(count);
        let found = (0..2 * count as u64).position(|turn| {
            let copy = &mut copies[turn as usize % count];
            let shown = copy.shows(turn);
            let outcome = step(&mut ratchet, shown);
            copy.receives(&ratchet);
            outcome == "confirmed"
        });
        assert_eq!(found, Some(count), "{count} copies: the first one that comes back is found");
    }
}
