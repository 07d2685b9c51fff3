//! Policies: the vendor's rules for a license, validated when they are defined.

use keystead_protocol::fingerprint::Fingerprint;

use crate::{DAY, HOUR, Millis};

/// The rules of a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyRules {
    /// How the license is sold. No rule depends on it.
    pub channel: SalesChannel,
    /// Whether an account is needed.
    pub account: AccountRule,
    /// How long the license lasts.
    pub term: Term,
    /// Number of devices at the same time.
    pub seats: u32,
    /// Length of a lease.
    pub lease_days: u32,
    /// Days from the start of a lease until the device refreshes its certificate.
    pub refresh_days: u32,
    /// Days that the product keeps working after a lease.
    pub grace_days: u32,
    /// Days that the product keeps working after a significant hardware change.
    pub hardware_grace_days: u32,
    /// Moves to changed hardware.
    pub rebinds: Allowance,
    /// New device keys on seats that their machines already use.
    pub reinstalls: Allowance,
    /// Number of live device keys on one seat.
    pub keys_per_seat: u32,
    /// Number of times that a device may present an older state of its activation (after a restored snapshot, for
    /// example) before the owner is asked.
    pub forks: Allowance,
    /// Lease of a floating seat, hours; 0 disables floating.
    pub floating_hours: u32,
}

/// A number of uses within a rolling window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Uses allowed within the window.
    pub uses: u32,
    /// Length of the window.
    pub window_days: u32,
}

/// How a license is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SalesChannel {
    /// To one customer.
    Retail,
    /// With a device.
    Oem,
    /// To an organization.
    Volume,
    /// As a trial.
    Trial,
    /// As a subscription.
    Subscription,
}

/// Whether an account is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountRule {
    /// Licenses cannot be linked.
    Never,
    /// The customer chooses.
    Optional,
    /// Only a signed-in customer can activate.
    Required,
}

/// How long a license lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Forever.
    Perpetual,
    /// Days from the first activation.
    Days(u32),
    /// Until a time.
    Until(Millis),
}

impl Default for PolicyRules {
    fn default() -> Self {
        Self {
            channel: SalesChannel::Retail,
            account: AccountRule::Optional,
            term: Term::Perpetual,
            seats: 1,
            lease_days: 180,
            refresh_days: 30,
            grace_days: 30,
            hardware_grace_days: 14,
            rebinds: Allowance { uses: 4, window_days: 365 },
            reinstalls: Allowance { uses: 6, window_days: 365 },
            keys_per_seat: 3,
            forks: Allowance { uses: 6, window_days: 30 },
            floating_hours: 24,
        }
    }
}

impl PolicyRules {
    /// Rules with the longest windows and leases that [`check`] allows.
    pub fn with_longest_windows() -> Self {
        let longest = |allowance| Allowance { window_days: MAX_WINDOW_DAYS, ..allowance };
        let rules = Self::default();
        Self {
            lease_days: MAX_LEASE_DAYS,
            rebinds: longest(rules.rebinds),
            reinstalls: longest(rules.reinstalls),
            forks: longest(rules.forks),
            floating_hours: MAX_FLOATING_HOURS,
            ..rules
        }
    }
}

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
/// Maximum length of a rolling window.
const MAX_WINDOW_DAYS: u32 = 3_650;
/// Maximum length of a lease.
const MAX_LEASE_DAYS: u32 = 400;
/// Maximum length of the lease of a floating seat.
const MAX_FLOATING_HOURS: u32 = 8_760;

/// Validates a vendor's rules.
pub fn check(rules: &PolicyRules) -> Result<(), RuleError> {
    let require = |fits: bool, field, allowed| if fits { Ok(()) } else { Err(RuleError { field, allowed }) };
    let window = |allowance: Allowance| (1..=MAX_WINDOW_DAYS).contains(&allowance.window_days);
    require((1..=100_000).contains(&rules.seats), "seats", "from 1 to 100,000")?;
    require((1..=MAX_LEASE_DAYS).contains(&rules.lease_days), "lease_days", "from 1 to 400")?;
    require(rules.refresh_days <= rules.lease_days, "refresh_days", "at most lease_days")?;
    require(rules.grace_days <= 400, "grace_days", "at most 400")?;
    require(rules.hardware_grace_days <= 400, "hardware_grace_days", "at most 400")?;
    require(rules.rebinds.uses <= 1_000, "rebinds", "at most 1,000")?;
    require(rules.floating_hours <= MAX_FLOATING_HOURS, "floating_hours", "at most 8,760")?;
    require(window(rules.rebinds), "rebind_window_days", "from 1 to 3,650")?;
    require(rules.reinstalls.uses <= 1_000, "reinstalls", "at most 1,000")?;
    require(window(rules.reinstalls), "reinstall_window_days", "from 1 to 3,650")?;
    require((1..=16).contains(&rules.keys_per_seat), "keys_per_seat", "from 1 to 16")?;
    require(rules.forks.uses <= MAX_FORKS, "forks", "at most 15")?;
    require(window(rules.forks), "fork_window_days", "from 1 to 3,650")?;
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

/// Whether a device with this hardware gets a floating seat, which is reclaimable after its lease has expired.
pub fn floats(rules: &PolicyRules, fingerprint: &Fingerprint) -> bool {
    rules.floating_hours > 0 && fingerprint.is_weak()
}

/// The lease of a certificate issued at `now`, limited by the license's expiry. A floating lease lasts at most
/// `floating_hours`, and the device refreshes it after half of these hours or earlier. A floating lease has no grace
/// period, because the seat is reclaimable after the lease.
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
