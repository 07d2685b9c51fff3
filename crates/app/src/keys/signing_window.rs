//! The signing window: the time in which the root's statements allow this server to sign. Warns before it
//! ends.

use std::sync::PoisonError;

use keystead_domain::{DAY, Millis};

use super::Keys;
use super::root::Root;

/// How long before the end of the window the warnings begin.
const NOTICE: Millis = 30 * DAY;

/// State of the signing window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningWindow {
    /// Far from its end.
    Open,
    /// Ends soon; the operator must act.
    Ending {
        /// Days left.
        days: i64,
    },
    /// Ended: the server signs nothing.
    Ended,
}

impl SigningWindow {
    fn of(left: Millis) -> Self {
        match left {
            ..=0 => SigningWindow::Ended,
            left if left > NOTICE => SigningWindow::Open,
            left => SigningWindow::Ending { days: left / DAY },
        }
    }
}

impl Keys {
    /// The time until which this server may sign, UTC milliseconds.
    pub fn sign_until(&self) -> Millis {
        self.current().signers.first().map_or(0, |signer| signer.sign_until)
    }

    /// The state of the signing window.
    pub fn signing_window(&self, now: Millis) -> SigningWindow {
        SigningWindow::of(self.sign_until() - now)
    }

    /// Records the signing window as a metric, and warns once a day if it ends soon or has ended. Returns whether it
    /// warned.
    pub fn watch_signing_window(&self, now: Millis) -> bool {
        metrics::gauge!("keystead_signing_window_seconds").set(((self.sign_until() - now) / 1000) as f64);
        let window = self.signing_window(now);
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if window == SigningWindow::Open || warned.is_some_and(|at| now - at < DAY) {
            return false;
        }
        *warned = Some(now);
        let root = match &self.current().root {
            Root::Here(_) => {
                "root.key is in the keys folder and could not renew them, see the previous errors"
            }
            Root::Away(_) => {
                "root.key was moved away; run `keystead-server key request --out FILE`, have it signed where root.key is with \
                 `key renew`, and run `key install`"
            }
        };
        match window {
            SigningWindow::Ended => {
                tracing::error!(root, "the key statements ran out and nothing can be signed")
            }
            SigningWindow::Ending { days } => tracing::warn!(days, root, "the key statements run out soon"),
            SigningWindow::Open => {}
        }
        true
    }
}
