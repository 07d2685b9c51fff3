//! How often a password or a code may be tried, per door. NIST SP 800-63B-4, section 3.2.2: at most 100 consecutive failures
//! of one authenticator on one account, and growing delays before that.

use crate::{DAY, HOUR, Millis};

/// Where something can be guessed. Each door counts for itself, so that nobody locks one by knocking at another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    /// The password of a sign-in in a browser that never signed in to the account.
    Password,
    /// The password of a sign-in in a browser that signed in to the account before.
    KnownBrowser,
    /// The password of somebody who is signed in, asked for again.
    Reauthentication,
    /// The second factor of a sign-in.
    SecondFactor,
    /// The second factor of somebody who is signed in, asked for again.
    SecondFactorAgain,
    /// The second factor of a recovery by email.
    Recovery,
    /// The code that a device shows.
    UserCode,
    /// The password that goes with a link in an email.
    EmailLink,
}

/// The doors at which a password is checked.
pub const PASSWORD_DOORS: [Door; 3] = [Door::Password, Door::KnownBrowser, Door::Reauthentication];
/// The doors at which a second factor is checked.
pub const SECOND_FACTOR_DOORS: [Door; 3] = [Door::SecondFactor, Door::SecondFactorAgain, Door::Recovery];

/// The delay after the first failure that is one too many; it doubles with each further one.
const FIRST_DELAY: Millis = 30_000;
/// The longest delay.
const LONGEST_DELAY: Millis = DAY;
/// When a door opens again whose limit is reached: only with a new password, a new authenticator or a new link.
const NEVER: Millis = Millis::MAX;

/// How much a door bears.
struct Bound {
    /// Failures without a delay.
    free: u32,
    /// Failures after which the door stays shut.
    limit: u32,
    /// How long a failure counts.
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

    /// Failures that cost no delay.
    pub const fn free_failures(self) -> u32 {
        self.bound().free
    }

    /// Consecutive failures after which nothing is looked at any more.
    pub const fn limit(self) -> u32 {
        self.bound().limit
    }

    const fn bound(self) -> Bound {
        let (free, limit, window) = match self {
            Door::Password => (10, 40, Millis::MAX),
            Door::KnownBrowser | Door::Reauthentication => (10, 30, Millis::MAX),
            Door::SecondFactor => (5, 40, Millis::MAX),
            Door::SecondFactorAgain | Door::Recovery => (5, 30, Millis::MAX),
            // The codes are somebody else's and change every ten minutes: there is nothing to disable.
            Door::UserCode => (10, u32::MAX, HOUR),
            Door::EmailLink => (10, 10, Millis::MAX),
        };
        Bound { free, limit, window }
    }
}

/// The consecutive failures at one door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempts {
    /// How many.
    pub failures: u32,
    /// When the last one was.
    pub failed_at: Millis,
    /// No attempt is looked at until then.
    pub locked_until: Millis,
}

impl Attempts {
    /// Whether the next attempt is looked at.
    pub fn is_open(&self, now: Millis) -> bool {
        now >= self.locked_until
    }

    /// The same with one more failure.
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
