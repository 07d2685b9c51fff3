//! Keeping a certificate fresh without anybody waiting for it.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use keystead_protocol::api::ProblemFacts;

use crate::clock::Reading;
use crate::{Client, Error, Status, entropy};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
/// The longest that is slept at once: clocks are corrected and computers sleep meanwhile.
const NAP: u64 = 6 * HOUR;

/// Refreshes in the background; ends when it is dropped.
#[must_use = "the refreshing ends when this is dropped"]
pub struct Upkeep {
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Client {
    /// The state, after a refresh if one is due and done within `budget`. Never waits longer; a refresh that takes longer
    /// goes on beside.
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

    /// Refreshes when it is due from now on, on a thread of its own; failures are tried again, less and less often. `changed`
    /// hears every status that differs from the one before.
    pub fn keep_fresh(self: &Arc<Self>, changed: impl Fn(&Status) + Send + 'static) -> Result<Upkeep, Error> {
        let client = Arc::clone(self);
        let (end, ended) = mpsc::channel();
        let run = move || {
            let (mut failures, mut known) = (0, client.status().ok());
            loop {
                let pause = client.refresh_if_due(&mut failures);
                let status = client.status().ok();
                if let (true, Some(status)) = (status != known, &status) {
                    changed(status);
                }
                known = status;
                if ended.recv_timeout(pause) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("keystead-upkeep".into())
            .spawn(run)
            .map_err(|error| Error::new(keystead_protocol::Code::StorageFailed, error))?;
        Ok(Upkeep { end: Some(end), thread: Some(thread) })
    }

    /// Refreshes if it is due, and says how long to sleep.
    fn refresh_if_due(&self, failures: &mut u32) -> Duration {
        let now = Reading::take().wall * 1000;
        let due = match self.status() {
            Ok(status) if status.wants_refresh(now) => {
                let outcome = self.refresh();
                let next = self.status().ok().and_then(|status| status.refresh_after);
                let sooner = if outcome.is_ok() { until(next, now) } else { Duration::MAX };
                return after(&outcome.err(), failures).min(sooner);
            }
            // Where nothing is wanted there is nothing to be early for.
            Ok(status) => status.refresh_after.filter(|due| *due > now),
            Err(_) => None,
        };
        // Spread, so that all that were activated on one day do not come back at one moment.
        until(due, now)
    }
}

/// Until a refresh is due, or as long as is slept at once; longer than a moment, where one is due at once again.
fn until(due: Option<i64>, now: i64) -> Duration {
    let left = due.filter(|due| *due > now).map_or(NAP, |due| u64::try_from((due - now) / 1000).unwrap_or(0));
    Duration::from_secs(left.clamp(MINUTE, NAP) + spread(10 * MINUTE))
}

fn after(error: &Option<Error>, failures: &mut u32) -> Duration {
    let Some(error) = error else {
        *failures = 0;
        return Duration::from_secs(HOUR + spread(10 * MINUTE));
    };
    let back_off = (MINUTE << (*failures).min(9)).min(NAP);
    *failures += 1;
    let asked = match error.facts {
        Some(ProblemFacts::RetryAfter { seconds }) => u64::from(seconds).min(24 * HOUR),
        _ => 0,
    };
    Duration::from_secs(back_off.max(asked) + spread(MINUTE))
}

fn spread(within: u64) -> u64 {
    u64::from_le_bytes(entropy::bytes()) % within
}

impl Drop for Upkeep {
    /// Lets a refresh that is on its way come to its end by itself: whoever closes an application does not wait for it.
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take().filter(JoinHandle::is_finished) {
            let _ = thread.join();
        }
    }
}
