//! The vendor's rules for a license, checked once when they are defined.

use keystead_protocol::api::{PolicyRules, Term};
use keystead_protocol::fingerprint::Fingerprint;

use crate::{DAY, HOUR, Millis};

/// How long a certificate serves. All times UTC milliseconds, whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// When it begins.
    pub issued_at: Millis,
    /// From when on the device refreshes.
    pub refresh_after: Millis,
    /// Until when it serves.
    pub until: Millis,
    /// Until when the product goes on after that.
    pub grace_until: Millis,
}

/// A rule with an impossible value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field} must be {allowed}")]
pub struct RuleError {
    /// Which rule.
    pub field: &'static str,
    /// What it may be.
    pub allowed: &'static str,
}

/// The most forks within a window that a policy may pass over.
const MAX_FORKS: u32 = 15;

/// Checks rules as a vendor typed them.
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

/// The latest time that a rule may name: the year 2200.
const MAX_TIME: Millis = 7_258_118_400_000;

/// When a license that is first activated at `now` ends.
pub fn expiry(rules: &PolicyRules, now: Millis) -> Option<Millis> {
    match rules.term {
        Term::Perpetual => None,
        Term::Days(days) => Some(now + i64::from(days) * DAY),
        Term::Until(at) => Some(at),
    }
}

/// Whether a device with this hardware has a seat that is another's once its lease has ended.
pub fn floats(rules: &PolicyRules, fingerprint: &Fingerprint) -> bool {
    rules.floating_hours > 0 && fingerprint.is_weak()
}

/// The lease of a certificate issued at `now`, cut short by the license's own end. A floating one is short, is refreshed after half of it,
/// and has no grace: its seat is another's then.
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
