//! What a connection's client does, and how long it may take for it.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub struct TimeLimits {
    /// For the head of a request, from its first byte to its last.
    pub head: Duration,
    /// Without a request, and without taking bytes of an answer.
    pub idle: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The head of a request is on its way.
    Head { until: Instant },
    /// The server works on a request, under the limits for requests.
    Request,
    /// An answer is on its way to the client, or nothing is.
    Idle { until: Instant },
}

/// The activity of one connection, shared by its stream, which sees bytes, and its service, which sees requests.
#[derive(Debug, Clone)]
pub struct Activity {
    phase: Arc<Mutex<Phase>>,
    limits: TimeLimits,
}

impl Activity {
    /// A new connection: the head of its first request is due.
    pub fn new(limits: TimeLimits) -> Self {
        let until = Instant::now() + limits.head;
        Self { phase: Arc::new(Mutex::new(Phase::Head { until })), limits }
    }

    /// The head of a request has arrived.
    pub fn request_begins(&self) {
        self.change(|_| Phase::Request);
    }

    /// The answer begins.
    pub fn request_ends(&self) {
        self.change(|_| self.idle());
    }

    /// Bytes came from the client.
    pub fn received(&self) {
        self.change(|phase| match phase {
            Phase::Idle { .. } => Phase::Head { until: Instant::now() + self.limits.head },
            phase => phase,
        });
    }

    /// The client took bytes.
    pub fn sent(&self) {
        self.change(|phase| match phase {
            Phase::Request => Phase::Request,
            Phase::Head { .. } | Phase::Idle { .. } => self.idle(),
        });
    }

    /// Waits until the client has taken too long; the name of the limit. Has to be polled after every poll of the connection,
    /// because that is when phases change.
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

    /// When the client has to have done something, and the name of the limit.
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
