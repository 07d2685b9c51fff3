use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `2026-11-24T09:30:00Z`, from UTC milliseconds.
pub fn date_time(at: i64) -> String {
    let seconds = OffsetDateTime::from_unix_timestamp(at.div_euclid(1000)).ok();
    seconds.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

/// `2026-11-24`, from UTC milliseconds.
pub fn date(at: i64) -> String {
    date_time(at).split('T').next().unwrap_or_default().to_owned()
}
