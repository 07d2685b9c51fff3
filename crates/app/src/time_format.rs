//! Formats times (RFC 3339).

use jiff::Timestamp;
use keystead_domain::Millis;

/// Formats a time as `2026-11-24T09:30:00Z`.
pub fn date_time(at: Millis) -> String {
    Timestamp::from_second(at.div_euclid(1000)).unwrap_or_default().to_string()
}

/// Formats a date as `2026-11-24`.
pub fn date(at: Millis) -> String {
    date_time(at).split('T').next().unwrap_or_default().to_owned()
}
