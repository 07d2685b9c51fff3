//! Answers whose time must not tell what was found: they come after one and the same time, much longer than finding out
//! takes, unless the database is overloaded.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How long such an answer takes.
const LONG: Duration = Duration::from_millis(50);

/// The time of one answer.
pub struct TimingEqualizer(Instant);

impl TimingEqualizer {
    /// Begins with the question.
    pub fn begin() -> Self {
        Self(Instant::now() + LONG)
    }

    /// Waits until it may be answered.
    pub async fn pass(self) {
        sleep_until(self.0).await;
    }
}
