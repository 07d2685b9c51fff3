//! The server's only access to the system time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use keystead_domain::Millis;

/// Source of the time.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system clock.
    System,
    /// A value that tests set.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// UTC milliseconds since 1970.
    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> Millis {
        match self {
            Clock::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
            Clock::Manual(at) => at.load(Ordering::SeqCst),
        }
    }
}
