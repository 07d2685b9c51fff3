//! Gives responses the same duration, so their time reveals nothing. The duration is much longer than the
//! work, unless the database is overloaded.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Duration of an equalized response.
const LONG: Duration = Duration::from_millis(50);

/// The time at which a response may be sent.
pub struct TimingEqualizer(Instant);

impl TimingEqualizer {
    /// Starts the time of one response.
    pub fn begin() -> Self {
        Self(Instant::now() + LONG)
    }

    /// Waits until the duration has passed.
    pub async fn pass(self) {
        sleep_until(self.0).await;
    }
}
