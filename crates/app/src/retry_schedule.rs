//! The schedule for repeating a failed delivery of an email or an outbox message.

use keystead_domain::{DAY, Millis};

const FIRST_DELAY: Millis = 60_000;
const LONGEST_DELAY: Millis = DAY;
/// Maximum number of delivery attempts. The last attempt is a day and a half after the first.
pub const MAX_ATTEMPTS: u32 = 12;

/// The delay before the next attempt. `failed` is the number of failures before the current attempt. The
/// delay doubles with each failure, up to a day.
pub fn delay(failed: u32) -> Millis {
    (FIRST_DELAY << failed.min(MAX_ATTEMPTS)).min(LONGEST_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delays_double_from_a_minute_to_a_day() {
        let minutes: Vec<Millis> = (0..MAX_ATTEMPTS).map(|failed| delay(failed) / FIRST_DELAY).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440]);
        assert_eq!(delay(u32::MAX), DAY);
    }
}
