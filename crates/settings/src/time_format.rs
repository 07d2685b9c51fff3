//! Formats times in this device's time zone.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit, Zoned};

/// The day, such as "March 14, 2027".
pub(crate) fn day(at: i64) -> String {
    zoned(at).map_or_else(String::new, |time| time.strftime("%B %-d, %Y").to_string())
}

/// A time within the last week relative to now, such as "today at 09:41". Any other time as a date.
pub(crate) fn relative(at: i64) -> String {
    zoned(at).map_or_else(String::new, |time| relative_to(&time, &Zoned::now()))
}

/// The time to the second.
pub(crate) fn exact(at: i64) -> String {
    zoned(at).map_or_else(String::new, |time| time.strftime("%Y-%m-%d %H:%M:%S %Z").to_string())
}

/// The number of days from now, such as "12 days".
pub(crate) fn left(until: i64) -> String {
    let days = (until - Timestamp::now().as_millisecond()) / (24 * 60 * 60 * 1000);
    format!("{days} days")
}

fn zoned(at: i64) -> Option<Zoned> {
    Some(Timestamp::from_millisecond(at).ok()?.to_zoned(TimeZone::system()))
}

fn relative_to(time: &Zoned, now: &Zoned) -> String {
    let days = time.date().until((Unit::Day, now.date())).map_or(i32::MAX, |span| span.get_days());
    match days {
        0 => time.strftime("today at %H:%M").to_string(),
        1 => time.strftime("yesterday at %H:%M").to_string(),
        2..7 => format!("{days} days ago"),
        _ => time.strftime("%B %-d, %Y").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_relative_for_a_week_and_a_date_after_it() {
        let now: Zoned = "2026-11-21T09:41[UTC]".parse().unwrap();
        let shown = |text: &str| relative_to(&text.parse().unwrap(), &now);
        assert_eq!(shown("2026-11-21T00:05[UTC]"), "today at 00:05");
        assert_eq!(shown("2026-11-20T23:59[UTC]"), "yesterday at 23:59");
        assert_eq!(shown("2026-11-17T12:00[UTC]"), "4 days ago");
        assert_eq!(shown("2026-03-14T12:00[UTC]"), "March 14, 2026");
        assert_eq!(shown("2027-03-14T12:00[UTC]"), "March 14, 2027");
    }
}
