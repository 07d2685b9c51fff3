//! The effective time: the wall clock, but never earlier than the certain time. The certain time is
//! the stored time floor plus the monotonic time since then. Signed server times raise the floor;
//! the wall clock does not.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Seconds that the wall clock may be behind the certain time without being suspect.
const TOLERANCE: i64 = 24 * 60 * 60;

/// A stored certain time, and the value of the monotonic clock at that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TimeFloor {
    /// Unix seconds.
    pub(crate) at: i64,
    /// The Linux boot id; empty if unknown.
    pub(crate) boot: String,
    /// Seconds since boot; 0 if unknown.
    pub(crate) uptime: i64,
}

/// Smallest advance of the floor that is stored, seconds.
const MIN_ADVANCE: i64 = 60;

impl TimeFloor {
    /// Whether this floor should replace the stored one.
    pub(crate) fn is_worth_storing(&self, before: &TimeFloor) -> bool {
        self.boot != before.boot || self.at >= before.at + MIN_ADVANCE
    }
}

/// The values of this device's clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Unix seconds.
    pub(crate) wall: i64,
    /// The Linux boot id; empty if unknown.
    pub(crate) boot: String,
    /// Seconds since boot; 0 if unknown.
    pub(crate) uptime: i64,
}

/// The time that decides the activation state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EffectiveTime {
    /// Unix seconds.
    pub(crate) now: i64,
    /// Whether the wall clock is more than [`TOLERANCE`] behind the certain time.
    pub(crate) suspect: bool,
}

impl Reading {
    #[allow(clippy::disallowed_methods)]
    pub(crate) fn take() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let uptime = std::fs::read_to_string("/proc/uptime")
            .ok()
            .and_then(|text| text.split('.').next()?.parse().ok())
            .unwrap_or(0);
        Self { wall, boot: boot.trim().to_owned(), uptime }
    }

    fn certain(&self, floor: &TimeFloor) -> i64 {
        let same_boot = !self.boot.is_empty() && self.boot == floor.boot;
        let elapsed = if same_boot { (self.uptime - floor.uptime).max(0) } else { 0 };
        floor.at + elapsed
    }

    /// The effective time for a stored floor.
    pub(crate) fn effective(&self, floor: Option<&TimeFloor>) -> EffectiveTime {
        let certain = floor.map_or(i64::MIN, |floor| self.certain(floor));
        let suspect = self.wall < certain.saturating_sub(TOLERANCE);
        EffectiveTime { now: self.wall.max(certain), suspect }
    }

    /// The new floor: the certain time, or `server_time` if that is later. `server_time` is a
    /// signed server time, Unix seconds.
    pub(crate) fn raise(&self, floor: Option<&TimeFloor>, server_time: Option<i64>) -> Option<TimeFloor> {
        let certain = floor.map(|floor| self.certain(floor)).max(server_time)?;
        Some(TimeFloor { at: certain, boot: self.boot.clone(), uptime: self.uptime })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;
    const NOW: i64 = 1_795_238_400;

    fn reading(wall: i64, uptime: i64) -> Reading {
        Reading { wall, boot: "a".into(), uptime }
    }

    fn floor() -> TimeFloor {
        TimeFloor { at: NOW, boot: "a".into(), uptime: 100 }
    }

    #[test]
    fn a_clock_a_little_behind_is_no_reason_to_worry() {
        let effective = reading(NOW - 23 * HOUR, 100).effective(Some(&floor()));
        assert_eq!(effective, EffectiveTime { now: NOW, suspect: false });
    }

    #[test]
    fn a_clock_set_back_for_more_than_a_day_is_suspect_and_time_goes_on() {
        let effective = reading(NOW - 25 * HOUR, 100 + HOUR).effective(Some(&floor()));
        assert_eq!(effective, EffectiveTime { now: NOW + HOUR, suspect: true });
    }

    #[test]
    fn a_clock_once_set_to_2035_does_no_harm_when_it_is_corrected() {
        let far = reading(NOW + 9 * 365 * 24 * HOUR, 200);
        let after = far.raise(Some(&floor()), None).unwrap();
        assert_eq!(after.at, NOW + 100);
        assert_eq!(
            reading(NOW + 300, 400).effective(Some(&after)),
            EffectiveTime { now: NOW + 300, suspect: false }
        );
    }

    #[test]
    fn the_floor_survives_a_reboot_and_never_falls() {
        let rebooted = Reading { wall: 0, boot: "b".into(), uptime: 5 };
        let after = rebooted.raise(Some(&floor()), Some(NOW - HOUR)).unwrap();
        assert_eq!(after, TimeFloor { at: NOW, boot: "b".into(), uptime: 5 });
        assert!(rebooted.effective(Some(&after)).suspect);
    }
}
