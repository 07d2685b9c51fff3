//! Detection of copies that were made before a rebind.

use keystead_domain::Refusal;
use keystead_domain::activation::{Activation, ActivationStatus, Fork, Presented, Refresh};
use keystead_domain::policy::PolicyRules;
use keystead_domain::ratchet::{Shown, Value};
use keystead_protocol::fingerprint::{Component, Fingerprint, KeyProof};

use crate::support::{KEY, NOW, activation, desktop, license, terms, with_changed};

/// The ratchet value that the rebind gives to the device.
const FIRST: Value = [7; 16];

fn repaired() -> Fingerprint {
    with_changed(&[Component::Tpm, Component::Uuid, Component::Board])
}

fn refresh(activation: Activation, seen: &Fingerprint, r: Value, x: u8) -> Refresh {
    let presented = Presented { shown: Shown { r, x: [x; 16] }, fingerprint: seen, key: KeyProof::Software };
    activation.refresh(&license(), &PolicyRules::default(), presented, &KEY, NOW).unwrap()
}

fn renewed(refresh: Refresh, is_fork: bool) -> Activation {
    match refresh {
        Refresh::Renewed { activation, forked } if forked == is_fork => activation,
        other => panic!("{other:?}"),
    }
}

fn forked(refresh: Refresh, why: Fork) -> Activation {
    match refresh {
        Refresh::Forked { activation, fork } if fork == why => activation,
        other => panic!("{other:?}"),
    }
}

fn rebind(activation: Activation, seen: &Fingerprint) -> Activation {
    activation.rebind(seen, FIRST, terms(&PolicyRules::default()), NOW).unwrap()
}

#[test]
fn a_copy_from_before_the_move_is_detected_once_the_moved_device_refreshed() {
    let before = renewed(refresh(activation(), &desktop(), [0; 16], 1), false);
    let copied = before.ratchet.current;
    let moved = rebind(before, &repaired());
    let moved = renewed(refresh(moved, &repaired(), FIRST, 2), false);
    forked(refresh(moved, &repaired(), copied, 3), Fork::TwoCopies);
}

#[test]
fn a_device_that_missed_the_response_to_its_move_goes_on_and_is_one_fork() {
    let before = renewed(refresh(activation(), &desktop(), [0; 16], 1), false);
    let known = before.ratchet.current;
    let moved = rebind(before, &repaired());
    let moved = renewed(refresh(moved, &repaired(), known, 2), true);
    assert_eq!(moved.ratchet.forks_since(0), 1);
    let current = moved.ratchet.current;
    renewed(refresh(moved, &repaired(), current, 3), false);
}

#[test]
fn a_copy_that_the_owner_did_not_choose_gets_no_certificate() {
    for back_first in [true, false] {
        let first = renewed(refresh(activation(), &desktop(), [0; 16], 1), false);
        let original = first.ratchet.current;
        let second = renewed(refresh(first, &desktop(), [0; 16], 2), true);
        let copy = second.ratchet.current;
        let found = forked(refresh(second, &desktop(), original, 3), Fork::TwoCopies);
        assert_eq!(found.status, ActivationStatus::Forked { at: NOW });

        let mut chosen = rebind(found, &desktop());
        if !back_first {
            chosen = renewed(refresh(chosen, &desktop(), FIRST, 4), false);
        }
        for left in [original, copy] {
            let shown = Shown { r: left, x: [5; 16] };
            let (seen, key) = (&desktop(), KeyProof::Software);
            let presented = Presented { shown, fingerprint: seen, key };
            let refused = chosen.clone().refresh(&license(), &PolicyRules::default(), presented, &KEY, NOW);
            assert_eq!(refused, Err(Refusal::ForkDetected), "and the chosen device keeps working");
        }
    }
}

/// Resets the machine six times to the state before its first refresh. Each refresh uses another random value,
/// starting with `x`.
fn reset_six_times(activation: Activation, x: u8) -> Activation {
    (x..x + 6).fold(activation, |current, x| renewed(refresh(current, &desktop(), [0; 16], x), true))
}

#[test]
fn forks_that_the_owner_settled_no_longer_count() {
    let used = renewed(refresh(activation(), &desktop(), [0; 16], 1), false);
    let asked = forked(refresh(reset_six_times(used, 10), &desktop(), [0; 16], 2), Fork::TooOften);
    let settled = renewed(refresh(rebind(asked, &desktop()), &desktop(), FIRST, 3), false);
    assert_eq!(settled.ratchet.forks_since(0), 0);
    forked(refresh(reset_six_times(settled, 20), &desktop(), [0; 16], 4), Fork::TooOften);
}
