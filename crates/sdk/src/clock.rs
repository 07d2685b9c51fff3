//! The effective time: never earlier than what a server has said, never moved forward by this device's own word.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// How far behind the floor the clock may be before it is suspect, seconds.
const TOLERANCE: i64 = 24 * 60 * 60;

/// The latest time that is certain, and where this boot's monotonic clock stood then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Floor {
    /// Unix seconds.
    pub(crate) at: i64,
    /// Which boot.
    pub(crate) boot: String,
    /// Seconds since that boot.
    pub(crate) uptime: i64,
}

/// Seconds by which the certain time must have moved before it is written again.
const STEP: i64 = 60;

impl Floor {
    /// Whether it says enough more than the one `before` to be written.
    pub(crate) fn is_worth_keeping(&self, before: &Floor) -> bool {
        self.boot != before.boot || self.at >= before.at + STEP
    }
}

/// What this device's clocks say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Unix seconds.
    pub(crate) wall: i64,
    /// Which boot.
    pub(crate) boot: String,
    /// Seconds since then.
    pub(crate) uptime: i64,
}

/// The time to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Effective {
    /// Unix seconds.
    pub(crate) now: i64,
    /// Whether the wall clock was set back.
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

    fn certain(&self, floor: &Floor) -> i64 {
        let same_boot = !self.boot.is_empty() && self.boot == floor.boot;
        let elapsed = if same_boot { (self.uptime - floor.uptime).max(0) } else { 0 };
        floor.at + elapsed
    }

    /// The time to go by, given what is certain.
    pub(crate) fn effective(&self, floor: Option<&Floor>) -> Effective {
        let certain = floor.map_or(i64::MIN, |floor| self.certain(floor));
        let suspect = self.wall < certain.saturating_sub(TOLERANCE);
        Effective { now: self.wall.max(certain), suspect }
    }

    /// What is certain from now on; `heard` is a time that a server signed.
    pub(crate) fn raise(&self, floor: Option<&Floor>, heard: Option<i64>) -> Option<Floor> {
        let certain = floor.map(|floor| self.certain(floor)).max(heard)?;
        Some(Floor { at: certain, boot: self.boot.clone(), uptime: self.uptime })
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

    fn floor() -> Floor {
        Floor { at: NOW, boot: "a".into(), uptime: 100 }
    }

    #[test]
    fn a_clock_a_little_behind_is_no_reason_to_worry() {
        let effective = reading(NOW - 23 * HOUR, 100).effective(Some(&floor()));
        assert_eq!(effective, Effective { now: NOW, suspect: false });
    }

    #[test]
    fn a_clock_set_back_for_more_than_a_day_is_suspect_and_time_goes_on() {
        let effective = reading(NOW - 25 * HOUR, 100 + HOUR).effective(Some(&floor()));
        assert_eq!(effective, Effective { now: NOW + HOUR, suspect: true });
    }

    #[test]
    fn a_clock_once_set_to_2035_does_no_harm_when_it_is_corrected() {
        let far = reading(NOW + 9 * 365 * 24 * HOUR, 200);
        let after = far.raise(Some(&floor()), None).unwrap();
        assert_eq!(after.at, NOW + 100);
        assert_eq!(
            reading(NOW + 300, 400).effective(Some(&after)),
            Effective { now: NOW + 300, suspect: false }
        );
    }

    #[test]
    fn the_floor_survives_a_reboot_and_never_falls() {
        let rebooted = Reading { wall: 0, boot: "b".into(), uptime: 5 };
        let after = rebooted.raise(Some(&floor()), Some(NOW - HOUR)).unwrap();
        assert_eq!(after, Floor { at: NOW, boot: "b".into(), uptime: 5 });
        assert!(rebooted.effective(Some(&after)).suspect);
    }
}
