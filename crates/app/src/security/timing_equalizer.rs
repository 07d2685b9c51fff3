//! Gives responses a constant duration, so that their time reveals nothing. The duration is much longer than the
//! work, unless the database is overloaded.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Duration of such a response.
const LONG: Duration = Duration::from_millis(50);

/// Start time of one response.
pub struct TimingEqualizer(Instant);

impl TimingEqualizer {
    /// Starts the measurement.
    pub fn begin() -> Self {
        Self(Instant::now() + LONG)
    }

    /// Waits until the duration has passed.
    pub async fn pass(self) {
        sleep_until(self.0).await;
    }
}
