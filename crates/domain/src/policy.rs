//! Policies: the vendor's rules for a license, validated when they are defined.

use keystead_protocol::api::{PolicyRules, Term};
use keystead_protocol::fingerprint::Fingerprint;

use crate::{DAY, HOUR, Millis};

/// The lease of a certificate. All times are UTC milliseconds in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The start.
    pub issued_at: Millis,
    /// The time after which the device should refresh.
    pub refresh_after: Millis,
    /// The end of the lease.
    pub until: Millis,
    /// The end of the grace period, in which the product keeps working.
    pub grace_until: Millis,
}

/// A rule with an invalid value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field} must be {allowed}")]
pub struct RuleError {
    /// Name of the rule.
    pub field: &'static str,
    /// Allowed values.
    pub allowed: &'static str,
}

/// Maximum number of forks within a window that a policy may tolerate.
const MAX_FORKS: u32 = 15;

/// Validates a vendor's rules.
pub fn check(rules: &PolicyRules) -> Result<(), RuleError> {
    let require = |fits: bool, field, allowed| if fits { Ok(()) } else { Err(RuleError { field, allowed }) };
    let window = |days: u32| (1..=3_650).contains(&days);
    require((1..=100_000).contains(&rules.seats), "seats", "from 1 to 100,000")?;
    require((1..=400).contains(&rules.lease_days), "lease_days", "from 1 to 400")?;
    require(rules.refresh_days <= rules.lease_days, "refresh_days", "at most lease_days")?;
    require(rules.grace_days <= 400, "grace_days", "at most 400")?;
    require(rules.hardware_grace_days <= 400, "hardware_grace_days", "at most 400")?;
    require(rules.rebinds <= 1_000, "rebinds", "at most 1,000")?;
    require(rules.floating_hours <= 8_760, "floating_hours", "at most 8,760")?;
    require(window(rules.rebind_window_days), "rebind_window_days", "from 1 to 3,650")?;
    require(rules.reinstalls <= 1_000, "reinstalls", "at most 1,000")?;
    require(window(rules.reinstall_window_days), "reinstall_window_days", "from 1 to 3,650")?;
    require((1..=16).contains(&rules.keys_per_seat), "keys_per_seat", "from 1 to 16")?;
    require(rules.forks <= MAX_FORKS, "forks", "at most 15")?;
    require(window(rules.fork_window_days), "fork_window_days", "from 1 to 3,650")?;
    match rules.term {
        Term::Perpetual => Ok(()),
        Term::Days(days) => require((1..=36_500).contains(&days), "term.days", "from 1 to 36,500"),
        Term::Until(at) => {
            require((1..=MAX_TIME).contains(&at), "term.until", "a time in milliseconds before the year 2200")
        }
    }
}

/// Latest time allowed in a rule: the year 2200.
const MAX_TIME: Millis = 7_258_118_400_000;

/// The expiry of a license that is first activated at `now`.
pub fn expiry(rules: &PolicyRules, now: Millis) -> Option<Millis> {
    match rules.term {
        Term::Perpetual => None,
        Term::Days(days) => Some(now + i64::from(days) * DAY),
        Term::Until(at) => Some(at),
    }
}

/// Whether the seat floats: reclaimable after its lease has expired.
pub fn floats(rules: &PolicyRules, fingerprint: &Fingerprint) -> bool {
    rules.floating_hours > 0 && fingerprint.is_weak()
}

/// The lease of a certificate issued at `now`, limited by the license's expiry. A floating lease is short and is
/// refreshed halfway. It has no grace period, because the seat is reclaimable after the lease.
pub fn lease(rules: &PolicyRules, floating: bool, license_expiry: Option<Millis>, now: Millis) -> Lease {
    let days = |days: u32| i64::from(days) * DAY;
    let (length, refresh, grace) = (days(rules.lease_days), days(rules.refresh_days), days(rules.grace_days));
    let (length, refresh, grace) = match i64::from(rules.floating_hours) * HOUR {
        float @ 1.. if floating => (float.min(length), refresh.min(float / 2), 0),
        _ => (length, refresh, grace),
    };
    let issued_at = now - now.rem_euclid(1000);
    let within =
        |at: Millis| license_expiry.map_or(at, |end| at.min(end - end.rem_euclid(1000)).max(issued_at));
    let until = within(issued_at + length);
    Lease { issued_at, refresh_after: within(issued_at + refresh), until, grace_until: within(until + grace) }
}
