use keystead_domain::budget::Budget;
use keystead_domain::policy::{Allowance, PolicyRules, Term};
use keystead_domain::{DAY, policy};
use proptest::prelude::*;

use crate::support::NOW;

#[test]
fn the_defaults_are_allowed_and_impossible_rules_name_the_field() {
    let never = Allowance { uses: 1, window_days: 0 };
    assert_eq!(policy::check(&PolicyRules::default()), Ok(()));
    for (rules, field) in [
        (PolicyRules { seats: 0, ..PolicyRules::default() }, "seats"),
        (PolicyRules { lease_days: 401, ..PolicyRules::default() }, "lease_days"),
        (PolicyRules { refresh_days: 181, ..PolicyRules::default() }, "refresh_days"),
        (PolicyRules { floating_hours: 8_761, ..PolicyRules::default() }, "floating_hours"),
        (PolicyRules { reinstalls: never, ..PolicyRules::default() }, "reinstall_window_days"),
        (PolicyRules { keys_per_seat: 0, ..PolicyRules::default() }, "keys_per_seat"),
        (PolicyRules { keys_per_seat: 17, ..PolicyRules::default() }, "keys_per_seat"),
        (PolicyRules { forks: Allowance { uses: 16, window_days: 30 }, ..PolicyRules::default() }, "forks"),
        (PolicyRules { forks: never, ..PolicyRules::default() }, "fork_window_days"),
        (PolicyRules { term: Term::Days(0), ..PolicyRules::default() }, "term.days"),
        (PolicyRules { term: Term::Until(i64::MAX), ..PolicyRules::default() }, "term.until"),
    ] {
        assert_eq!(policy::check(&rules).unwrap_err().field, field);
    }
}

#[test]
fn the_longest_windows_are_allowed_and_longer_ones_are_not() {
    let longest = PolicyRules::with_longest_windows();
    assert_eq!(policy::check(&longest), Ok(()));
    let longer = |allowance: Allowance| Allowance { window_days: allowance.window_days + 1, ..allowance };
    for rules in [
        PolicyRules { rebinds: longer(longest.rebinds), ..longest },
        PolicyRules { reinstalls: longer(longest.reinstalls), ..longest },
        PolicyRules { forks: longer(longest.forks), ..longest },
        PolicyRules { lease_days: longest.lease_days + 1, ..longest },
        PolicyRules { floating_hours: longest.floating_hours + 1, ..longest },
    ] {
        assert!(policy::check(&rules).is_err(), "{rules:?}");
    }
}

#[test]
fn a_budget_says_when_it_can_be_spent_again() {
    let budget = Budget { allowed: 2, window: 365 * DAY };
    let used = [NOW - 400 * DAY, NOW - 100 * DAY, NOW - 10 * DAY];
    assert_eq!(budget.left(&used, NOW), 0);
    assert_eq!(budget.spend(&used, NOW), Err(NOW + 265 * DAY));
    assert_eq!(budget.spend(&used, NOW + 265 * DAY), Ok(()));
}

proptest! {
    #[test]
    fn a_lease_never_outlives_the_license(days in 1u32..400, refresh in 0u32..400, grace in 0u32..400, end in 0i64..800 * DAY, floating: bool) {
        let rules = PolicyRules { lease_days: days, refresh_days: refresh.min(days), grace_days: grace, ..PolicyRules::default() };
        let lease = policy::lease(&rules, floating, Some(NOW + end), NOW);
        prop_assert!(lease.issued_at <= lease.refresh_after && lease.refresh_after <= lease.until);
        prop_assert!(lease.until <= lease.grace_until && lease.grace_until <= NOW + end);
    }

    #[test]
    fn no_window_ever_holds_more_uses_than_the_budget(steps in prop::collection::vec(0i64..60 * DAY, 1..60), allowed in 0u32..5) {
        let budget = Budget { allowed, window: 365 * DAY };
        let (mut now, mut used) = (NOW, Vec::new());
        for step in steps {
            now += step;
            match budget.spend(&used, now) {
                Ok(()) => used.push(now),
                Err(next_at) => prop_assert!(next_at > now),
            }
            prop_assert!(used.iter().filter(|&&at| at > now - budget.window).count() <= allowed as usize);
        }
    }
}
