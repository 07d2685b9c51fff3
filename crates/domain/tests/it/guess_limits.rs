use keystead_domain::guess_limits::{Attempts, Door, PASSWORD_DOORS, SECOND_FACTOR_DOORS};
use keystead_domain::{DAY, HOUR};

use crate::support::NOW;

#[test]
fn all_doors_of_one_secret_bear_a_hundred_failures_together() {
    for doors in [PASSWORD_DOORS, SECOND_FACTOR_DOORS] {
        assert!(doors.iter().map(|door| door.limit()).sum::<u32>() <= 100, "{doors:?}");
    }
}

#[test]
fn failures_cost_longer_and_longer_delays_and_shut_the_door_in_the_end() {
    for door in PASSWORD_DOORS.into_iter().chain(SECOND_FACTOR_DOORS) {
        let (mut attempts, mut now, mut delays) = (Attempts::default(), NOW, Vec::new());
        while attempts.failures < door.limit() {
            assert!(attempts.is_open(now), "{door:?} {attempts:?}");
            attempts = attempts.fail(door, now);
            delays.push(attempts.locked_until.saturating_sub(now));
            now = attempts.locked_until;
        }
        let free = door.free_failures() as usize;
        assert!(delays[..free - 1].iter().all(|delay| *delay == 0), "{delays:?}");
        assert_eq!((delays[free - 1], delays[free]), (30_000, 60_000));
        assert!(delays.is_sorted() && delays[delays.len() - 2] == DAY, "{delays:?}");
        assert!(!attempts.is_open(NOW + 3650 * DAY), "only a new secret opens it");
    }
}

#[test]
fn a_password_that_is_never_typed_right_again_is_guessed_at_for_as_long_as_failures_are_kept() {
    let failed = Attempts::default().fail(Door::Password, NOW);
    assert_eq!(failed.fail(Door::Password, NOW + 300 * DAY).failures, 2);
}

#[test]
fn codes_of_devices_are_counted_by_the_hour() {
    let mut attempts = Attempts::default();
    for _ in 0..Door::UserCode.free_failures() {
        attempts = attempts.fail(Door::UserCode, NOW);
    }
    assert!(!attempts.is_open(NOW));
    assert_eq!(attempts.fail(Door::UserCode, NOW + HOUR).failures, 1);
}
