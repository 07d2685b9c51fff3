//! Refreshes the certificate in the background.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use keystead_protocol::api::ProblemFacts;

use crate::clock::Reading;
use crate::{Client, Error, Status, entropy};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
/// Longest sleep between two readings of the clock, in seconds, without the random part. The clock
/// may be corrected during a longer sleep, and the sleep's timer may stop while the computer is
/// suspended.
const MAX_SLEEP: u64 = 6 * HOUR;

/// A background refresh, stopped on drop.
#[must_use = "the background refresh stops when this is dropped"]
pub struct AutoRefresh {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Client {
    /// Refreshes if a refresh is due, and returns the status. Waits for the refresh for at most
    /// `budget`; a slower refresh continues in the background.
    pub fn check(self: &Arc<Self>, budget: Duration) -> Result<Status, Error> {
        let status = self.status()?;
        if !status.wants_refresh(Reading::take().wall * 1000) {
            return Ok(status);
        }
        let (done, wait) = mpsc::channel();
        let client = Arc::clone(self);
        let spawned = std::thread::Builder::new().name("keystead-check".into()).spawn(move || {
            let _ = done.send(client.refresh().is_ok());
        });
        match spawned.map(|_| wait.recv_timeout(budget)) {
            Ok(Ok(_)) => self.status(),
            _ => Ok(status),
        }
    }

    /// Refreshes on a background thread whenever a refresh is due, and retries failures with increasing pauses. Calls `changed` with
    /// every status that differs from the previous one.
    pub fn keep_fresh(
        self: &Arc<Self>,
        changed: impl Fn(&Status) + Send + 'static,
    ) -> Result<AutoRefresh, Error> {
        let client = Arc::clone(self);
        let (stop, stopped) = mpsc::channel();
        let run = move || {
            let (mut failures, mut known) = (0, client.status().ok());
            loop {
                let pause = client.refresh_if_due(&mut failures);
                let status = client.status().ok();
                if let (true, Some(status)) = (status != known, &status) {
                    changed(status);
                }
                known = status;
                if stopped.recv_timeout(pause) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("keystead-refresh".into())
            .spawn(run)
            .map_err(|error| Error::new(keystead_protocol::Code::StorageFailed, error))?;
        Ok(AutoRefresh { stop: Some(stop), thread: Some(thread) })
    }

    /// Refreshes if a refresh is due. Returns the time to sleep until the next check.
    fn refresh_if_due(&self, failures: &mut u32) -> Duration {
        let now = Reading::take().wall * 1000;
        let due = match self.status() {
            Ok(status) if status.wants_refresh(now) => {
                let outcome = self.refresh();
                let next = self.status().ok().and_then(|status| status.refresh_after);
                let sooner = if outcome.is_ok() { until_due(next, now) } else { Duration::MAX };
                return after_refresh(&outcome.err(), failures).min(sooner);
            }
            // Without a future due time, sleep for `MAX_SLEEP`.
            Ok(status) => status.refresh_after.filter(|due| *due > now),
            Err(_) => None,
        };
        until_due(due, now)
    }
}

/// The time to sleep until a refresh is due: between one minute and `MAX_SLEEP`, plus up to ten
/// random minutes. The random part spreads the refreshes of devices that were activated at the same
/// time.
fn until_due(due: Option<i64>, now: i64) -> Duration {
    let left =
        due.filter(|due| *due > now).map_or(MAX_SLEEP, |due| u64::try_from((due - now) / 1000).unwrap_or(0));
    Duration::from_secs(left.clamp(MINUTE, MAX_SLEEP) + jitter(10 * MINUTE))
}

fn after_refresh(error: &Option<Error>, failures: &mut u32) -> Duration {
    let Some(error) = error else {
        *failures = 0;
        return Duration::from_secs(HOUR + jitter(10 * MINUTE));
    };
    let back_off = (MINUTE << (*failures).min(9)).min(MAX_SLEEP);
    *failures += 1;
    let asked = match error.facts {
        Some(ProblemFacts::RetryAfter { seconds }) => u64::from(seconds).min(24 * HOUR),
        _ => 0,
    };
    Duration::from_secs(back_off.max(asked) + jitter(MINUTE))
}

fn jitter(within: u64) -> u64 {
    u64::from_le_bytes(entropy::bytes()) % within
}

impl Drop for AutoRefresh {
    /// Does not wait for a running refresh, so that the application can exit at once.
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take().filter(JoinHandle::is_finished) {
            let _ = thread.join();
        }
    }
}
