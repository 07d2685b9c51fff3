//! Rolling budgets: a number of uses within a time window.

use crate::policy::{Allowance, PolicyRules};
use crate::{DAY, HOUR, Millis};

/// A number of uses within a rolling window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Uses allowed within the window.
    pub allowed: u32,
    /// The window's length, milliseconds.
    pub window: Millis,
}

/// Releases of seats by their devices, per license.
pub const RELEASES: Budget = Budget { allowed: 10, window: 30 * DAY };

/// Free repeats of the response to an activation, per seat.
const REPEATS_PER_SEAT: u32 = 10;

/// Releases of a floating seat before its lease ends, per seat. They are limited because a released certificate still
/// works offline until its lease ends.
const FLOATING_RELEASES_PER_SEAT: u32 = 1_000;

/// Remote removals by the owner, per license.
pub const REMOVALS: Budget = Budget { allowed: 6, window: 365 * DAY };

/// Changes of owner, per license.
pub const TRANSFERS: Budget = Budget { allowed: 3, window: 365 * DAY };

impl From<Allowance> for Budget {
    fn from(allowance: Allowance) -> Self {
        Self { allowed: allowance.uses, window: i64::from(allowance.window_days) * DAY }
    }
}

impl Budget {
    /// Free repeats of activation responses within a week, per license.
    pub fn repeats(seats: u32) -> Self {
        Self { allowed: seats.max(1).saturating_mul(REPEATS_PER_SEAT), window: 7 * DAY }
    }

    /// Moves of activations to changed hardware by the owner, per license.
    pub fn rebinds(rules: &PolicyRules) -> Self {
        rules.rebinds.into()
    }

    /// Releases of floating seats before their lease ends, per license.
    pub fn floating_releases(rules: &PolicyRules, seats: u32) -> Self {
        let allowed = seats.saturating_mul(FLOATING_RELEASES_PER_SEAT);
        Self {
            allowed,
            window: (i64::from(rules.floating_hours.max(1)) * HOUR).min(i64::from(rules.lease_days) * DAY),
        }
    }

    /// Reinstallations (new device keys on seats that their machines already use), per license.
    pub fn reinstalls(rules: &PolicyRules) -> Self {
        rules.reinstalls.into()
    }

    /// Start of the window at `now`. Only later uses count.
    pub fn window_start(&self, now: Millis) -> Millis {
        now - self.window
    }

    /// Number of remaining uses at `now`. `used_at` contains the times of earlier uses.
    pub fn left(&self, used_at: &[Millis], now: Millis) -> u32 {
        let recent = used_at.iter().filter(|&&at| at > self.window_start(now)).count();
        self.allowed.saturating_sub(u32::try_from(recent).unwrap_or(u32::MAX))
    }

    /// Checks that one more use is allowed at `now`.
    ///
    /// # Errors
    /// The time at which a use becomes available.
    pub fn spend(&self, used_at: &[Millis], now: Millis) -> Result<(), Millis> {
        if self.left(used_at, now) > 0 {
            return Ok(());
        }
        let mut recent: Vec<Millis> =
            used_at.iter().copied().filter(|&at| at > self.window_start(now)).collect();
        recent.sort_unstable();
        let frees = recent.len().checked_sub(self.allowed as usize).and_then(|at| recent.get(at));
        Err(frees.map_or(now + self.window, |at| at + self.window))
    }
}
