//! The rolling budget: how often within a window something may be done, and when it may be done again.

use keystead_protocol::api::PolicyRules;

use crate::{DAY, HOUR, Millis};

/// A number of uses within a rolling window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Uses allowed within the window.
    pub allowed: u32,
    /// The window's length, milliseconds.
    pub window: Millis,
}

/// How often devices may give seats of one license back themselves.
pub const RELEASES: Budget = Budget { allowed: 10, window: 30 * DAY };

/// How often the answers to activations of one license are repeated at no cost.
pub const REPEATS: Budget = Budget { allowed: 10, window: 7 * DAY };

/// How often a floating seat may be given back within its lease. What is given back serves offline until its lease has ended.
const FLOATING_RELEASES_PER_SEAT: u32 = 100;

/// How often the owner may free seats of one license from afar.
pub const TRANSFERS: Budget = Budget { allowed: 6, window: 365 * DAY };

/// How often one license may go from account to account.
pub const HANDOVERS: Budget = Budget { allowed: 3, window: 365 * DAY };

impl Budget {
    /// How often the owner may move activations of one license to changed hardware.
    pub fn rebinds(rules: &PolicyRules) -> Self {
        Self { allowed: rules.rebinds, window: i64::from(rules.rebind_window_days) * DAY }
    }

    /// How often devices may give floating seats of one license back before the lease ends.
    pub fn floating_releases(rules: &PolicyRules, seats: u32) -> Self {
        let allowed = seats.saturating_mul(FLOATING_RELEASES_PER_SEAT);
        Self { allowed, window: i64::from(rules.floating_hours.max(1)) * HOUR }
    }

    /// How often device keys may join the seats that their machines have already.
    pub fn reinstalls(rules: &PolicyRules) -> Self {
        Self { allowed: rules.reinstalls, window: i64::from(rules.reinstall_window_days) * DAY }
    }

    /// From when on uses count at `now`.
    pub fn window_start(&self, now: Millis) -> Millis {
        now - self.window
    }

    /// How many uses are left, given the times of earlier ones.
    pub fn left(&self, used_at: &[Millis], now: Millis) -> u32 {
        let recent = used_at.iter().filter(|&&at| at > self.window_start(now)).count();
        self.allowed.saturating_sub(u32::try_from(recent).unwrap_or(u32::MAX))
    }

    /// Allows one more use, or gives the time when there is one again.
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
