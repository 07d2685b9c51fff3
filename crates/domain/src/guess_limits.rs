//! Limits on guesses of passwords and codes. Each [`Door`], a place that checks a secret, has its own limit. All doors
//! of one secret together allow at most 100 consecutive failures, with growing delays (NIST SP 800-63B-4, section
//! 3.2.2).

use crate::{DAY, HOUR, Millis};

/// A place that checks a secret. Failures are counted per door, so failures at one door cannot lock another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    /// The password of a sign-in, from a browser unknown to the account.
    Password,
    /// The password of a sign-in, from a browser that signed in to the account before.
    KnownBrowser,
    /// The password of a signed-in person, on reauthentication.
    Reauthentication,
    /// The second factor of a sign-in.
    SecondFactor,
    /// The second factor of a signed-in person, on reauthentication.
    SecondFactorAgain,
    /// The second factor of a recovery by email.
    Recovery,
    /// The user code of a device grant.
    UserCode,
    /// The password required by a link in an email.
    EmailLink,
}

/// The doors that check a password.
pub const PASSWORD_DOORS: [Door; 3] = [Door::Password, Door::KnownBrowser, Door::Reauthentication];
/// The doors that check a second factor.
pub const SECOND_FACTOR_DOORS: [Door; 3] = [Door::SecondFactor, Door::SecondFactorAgain, Door::Recovery];

/// The delay after the first failure that is not free. It doubles with each further failure.
const FIRST_DELAY: Millis = 30_000;
/// Maximum delay.
const LONGEST_DELAY: Millis = DAY;
/// `locked_until` of a door at its limit. The door stays locked until the password, authenticator or link is replaced.
const NEVER: Millis = Millis::MAX;

/// The limits of a door.
struct Bound {
    /// Failures without a delay.
    free: u32,
    /// Failures that lock the door.
    limit: u32,
    /// Time after the last failure at which the count starts again.
    window: Millis,
}

impl Door {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Door::Password => "password",
            Door::KnownBrowser => "known_browser",
            Door::Reauthentication => "reauthentication",
            Door::SecondFactor => "second_factor",
            Door::SecondFactorAgain => "second_factor_again",
            Door::Recovery => "recovery",
            Door::UserCode => "user_code",
            Door::EmailLink => "email_link",
        }
    }

    /// Number of failures without a delay.
    pub const fn free_failures(self) -> u32 {
        self.bound().free
    }

    /// Number of consecutive failures that lock the door.
    pub const fn limit(self) -> u32 {
        self.bound().limit
    }

    const fn bound(self) -> Bound {
        let (free, limit, window) = match self {
            Door::Password => (10, 40, Millis::MAX),
            Door::KnownBrowser | Door::Reauthentication => (10, 30, Millis::MAX),
            Door::SecondFactor => (5, 40, Millis::MAX),
            Door::SecondFactorAgain | Door::Recovery => (5, 30, Millis::MAX),
            // A user code is not a secret of the account that types it, and it expires after ten minutes. So this door
            // is never locked permanently.
            Door::UserCode => (10, u32::MAX, HOUR),
            Door::EmailLink => (10, 10, Millis::MAX),
        };
        Bound { free, limit, window }
    }
}

/// The consecutive failures at one door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempts {
    /// Number of failures.
    pub failures: u32,
    /// Time of the last failure.
    pub failed_at: Millis,
    /// Attempts are refused until this time.
    pub locked_until: Millis,
}

impl Attempts {
    /// Whether an attempt is allowed at `now`.
    pub fn is_open(&self, now: Millis) -> bool {
        now >= self.locked_until
    }

    /// The attempts with one more failure.
    #[must_use]
    pub fn fail(self, door: Door, now: Millis) -> Self {
        let Bound { free, limit, window } = door.bound();
        let counts = now.saturating_sub(self.failed_at) < window;
        let failures = if counts { self.failures.saturating_add(1) } else { 1 };
        let locked_until = match failures.checked_sub(free) {
            _ if failures >= limit => NEVER,
            Some(doublings) => now + (FIRST_DELAY << doublings.min(12)).min(LONGEST_DELAY),
            None => now,
        };
        Self { failures, failed_at: now, locked_until }
    }
}
