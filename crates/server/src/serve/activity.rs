//! The activity of a connection's client, and its time limits.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

/// Time limits for a client.
#[derive(Debug, Clone, Copy)]
pub struct TimeLimits {
    /// Maximum time for the head of a request, from its first byte or from the start of the connection.
    pub head: Duration,
    /// Maximum time without a request, or without progress in reading a response.
    pub idle: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The head of a request is being received.
    Head { until: Instant },
    /// The server processes a request, within the limits for requests.
    Request,
    /// A response is being sent, or the connection is idle.
    Idle { until: Instant },
}

/// The activity of one connection. The stream reports bytes to it; the service reports requests.
#[derive(Debug, Clone)]
pub struct Activity {
    phase: Arc<Mutex<Phase>>,
    limits: TimeLimits,
}

impl Activity {
    /// A new connection, which waits for the head of its first request.
    pub fn new(limits: TimeLimits) -> Self {
        let until = Instant::now() + limits.head;
        Self { phase: Arc::new(Mutex::new(Phase::Head { until })), limits }
    }

    /// Records that the head of a request has arrived.
    pub fn request_begins(&self) {
        self.change(|_| Phase::Request);
    }

    /// Records that the response begins.
    pub fn request_ends(&self) {
        self.change(|_| self.idle());
    }

    /// Records bytes from the client.
    pub fn received(&self) {
        self.change(|phase| match phase {
            Phase::Idle { .. } => Phase::Head { until: Instant::now() + self.limits.head },
            phase => phase,
        });
    }

    /// Records that the client accepted bytes.
    pub fn sent(&self) {
        self.change(|phase| match phase {
            Phase::Request => Phase::Request,
            Phase::Head { .. } | Phase::Idle { .. } => self.idle(),
        });
    }

    /// Waits until the client exceeds a limit, and returns the limit's name. Poll it after every poll of the
    /// connection, because the phase may have changed.
    pub async fn expired(&self) -> &'static str {
        let mut timer = pin!(tokio::time::sleep(Duration::ZERO));
        poll_fn(|context| {
            let Some((until, limit)) = self.deadline() else { return Poll::Pending };
            if timer.deadline() != until {
                timer.as_mut().reset(until);
            }
            timer.as_mut().poll(context).map(|()| limit)
        })
        .await
    }

    /// The deadline of the current phase, and the name of its limit.
    fn deadline(&self) -> Option<(Instant, &'static str)> {
        match *self.phase.lock().unwrap_or_else(PoisonError::into_inner) {
            Phase::Head { until } => Some((until, "head")),
            Phase::Request => None,
            Phase::Idle { until } => Some((until, "idle")),
        }
    }

    fn idle(&self) -> Phase {
        Phase::Idle { until: Instant::now() + self.limits.idle }
    }

    fn change(&self, next: impl FnOnce(Phase) -> Phase) {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        *phase = next(*phase);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: TimeLimits = TimeLimits { head: Duration::from_secs(1), idle: Duration::from_secs(60) };

    fn due(activity: &Activity) -> Option<&'static str> {
        activity.deadline().map(|(_, limit)| limit)
    }

    #[test]
    fn each_phase_has_its_limit() {
        let activity = Activity::new(LIMITS);
        assert_eq!(due(&activity), Some("head"));
        activity.request_begins();
        assert_eq!(due(&activity), None);
        activity.sent();
        assert_eq!(due(&activity), None, "100 Continue is no answer");
        activity.request_ends();
        assert_eq!(due(&activity), Some("idle"));
        activity.received();
        assert_eq!(due(&activity), Some("head"));
    }

    #[test]
    fn bytes_of_a_head_do_not_prolong_its_time() {
        let activity = Activity::new(LIMITS);
        let first = activity.deadline();
        activity.received();
        assert_eq!(activity.deadline(), first);
    }
}
