use keystead_domain::activation::{Activation, ActivationStatus, DRIFT_WINDOW, Presented, Refresh};
use keystead_domain::license::{self, License};
use keystead_domain::ratchet::Shown;
use keystead_domain::{DAY, Refusal};
use keystead_protocol::api::PolicyRules;
use keystead_protocol::fingerprint::{Component, Fingerprint, KeyProof};
use keystead_protocol::state::State;

use crate::support::{KEY, NOW, activation, desktop, license, terms, with_changed};

fn refresh_at(
    activation: Activation,
    license: &License,
    seen: &Fingerprint,
    now: i64,
) -> Result<Refresh, Refusal> {
    let shown = Shown { r: activation.ratchet.current, x: [1; 16] };
    let presented = Presented { shown, fingerprint: seen, key: KeyProof::Software };
    activation.refresh(license, &PolicyRules::default(), presented, &KEY, now)
}

fn renewed(outcome: Result<Refresh, Refusal>) -> Activation {
    match outcome {
        Ok(Refresh::Renewed { activation, forked: false }) => activation,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refresh_moves_the_ratchet_and_keeps_the_device() {
    let next = renewed(refresh_at(activation(), &license(), &desktop(), NOW + DAY));
    assert_eq!((next.ratchet.sequence, next.refreshed_at), (1, NOW + DAY));
    assert_eq!(next.baseline, activation().baseline);
}

#[test]
fn a_changed_disk_is_followed_silently() {
    let seen = with_changed(&[Component::Disk]);
    assert_eq!(renewed(refresh_at(activation(), &license(), &seen, NOW)).baseline, seen);
}

#[test]
fn a_changed_motherboard_keeps_the_seat_and_waits_for_the_owner() {
    let seen = with_changed(&[Component::Tpm, Component::Uuid, Component::Board]);
    let Ok(Refresh::HardwareChanged { activation, comparison, grace_until }) =
        refresh_at(activation(), &license(), &seen, NOW)
    else {
        panic!()
    };
    assert!(activation.status.is_live());
    assert_eq!(activation.state(&license(), NOW), State::HardwareChanged);
    assert_eq!(grace_until, NOW + 14 * DAY);
    assert!(comparison.changed.contains(&Component::Board));

    let Ok(Refresh::HardwareChanged { grace_until: again, .. }) =
        refresh_at(activation, &license(), &seen, NOW + DAY)
    else {
        panic!()
    };
    assert_eq!(again, grace_until, "asking again does not lengthen the grace");
}

#[test]
fn hardware_that_changes_back_is_active_again() {
    let seen = with_changed(&[Component::Tpm, Component::Uuid, Component::Board]);
    let Ok(Refresh::HardwareChanged { activation, .. }) = refresh_at(activation(), &license(), &seen, NOW)
    else {
        panic!()
    };
    assert_eq!(renewed(refresh_at(activation, &license(), &desktop(), NOW)).status, ActivationStatus::Active);
}

#[test]
fn one_small_change_after_another_is_soon_no_small_change() {
    let after_disk = renewed(refresh_at(activation(), &license(), &with_changed(&[Component::Disk]), NOW));
    let after_uuid = renewed(refresh_at(
        after_disk,
        &license(),
        &with_changed(&[Component::Disk, Component::Uuid]),
        NOW + DAY,
    ));
    let seen = with_changed(&[Component::Disk, Component::Uuid, Component::Board]);
    let soon = refresh_at(after_uuid.clone(), &license(), &seen, NOW + 2 * DAY);
    assert!(matches!(soon, Ok(Refresh::HardwareChanged { .. })), "{soon:?}");
    renewed(refresh_at(after_uuid, &license(), &seen, NOW + DRIFT_WINDOW + DAY));
}

#[test]
fn nothing_is_issued_for_a_license_that_may_not_be_used() {
    let suspended = License { status: license::LicenseStatus::Suspended { at: NOW }, ..license() };
    assert_eq!(refresh_at(activation(), &suspended, &desktop(), NOW), Err(Refusal::LicenseSuspended));
    let revoked = License { status: license::LicenseStatus::Revoked { at: NOW }, ..license() };
    assert_eq!(refresh_at(activation(), &revoked, &desktop(), NOW), Err(Refusal::LicenseRevoked));
}

#[test]
fn a_released_activation_stays_released() {
    let released = Activation { status: ActivationStatus::Active.release(NOW).unwrap(), ..activation() };
    assert_eq!(refresh_at(released.clone(), &license(), &desktop(), NOW), Err(Refusal::ActivationReleased));
    assert_eq!(
        released.clone().rebind(&desktop(), [1; 16], terms(&PolicyRules::default()), NOW),
        Err(Refusal::ActivationReleased)
    );
    assert_eq!(released.status.release(NOW), Err(Refusal::ActivationReleased));
}

#[test]
fn a_rebind_keeps_the_activation_and_enrols_the_new_hardware() {
    let seen = with_changed(&[Component::Tpm, Component::Uuid, Component::Board]);
    let moved = activation().rebind(&seen, [7; 16], terms(&PolicyRules::default()), NOW).unwrap();
    assert_eq!((moved.id, moved.device), (activation().id, activation().device));
    assert_eq!(moved.baseline, seen);
    assert_eq!(renewed(refresh_at(moved, &license(), &seen, NOW)).status, ActivationStatus::Active);
}

#[test]
fn what_may_not_be_read_today_stays_enrolled() {
    let mut seen = desktop();
    seen.fp.remove(&Component::Board);
    seen.unreadable = vec![Component::Board];
    let next = renewed(refresh_at(activation(), &license(), &seen, NOW));
    assert!(next.baseline.fp.contains_key(&Component::Board));
}
