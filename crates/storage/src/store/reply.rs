//! A place in a queue. Either the worker thread takes the operation, or the caller gives up first and the operation
//! never runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::TrySendError;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tracing::Span;

use crate::Error;

/// The worker's side.
pub(crate) struct Reply<T> {
    sender: oneshot::Sender<T>,
    /// The span of the waiting request.
    span: Span,
    taken: Arc<AtomicBool>,
}

/// The caller's side.
pub(crate) struct Place<T> {
    receiver: oneshot::Receiver<T>,
    taken: Arc<AtomicBool>,
}

pub(crate) fn place<T>() -> (Reply<T>, Place<T>) {
    let (sender, receiver) = oneshot::channel();
    let taken = Arc::new(AtomicBool::new(false));
    (Reply { sender, span: Span::current(), taken: Arc::clone(&taken) }, Place { receiver, taken })
}

impl<T> Reply<T> {
    /// Takes the operation from the queue; `false` if its caller gave up or dropped the future.
    pub(crate) fn take_on(&self) -> bool {
        !self.sender.is_closed() && !self.taken.swap(true, Ordering::AcqRel)
    }

    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    pub(crate) fn send(self, answer: T) {
        let _ = self.sender.send(answer);
    }
}

impl<T, E: From<Error>> Place<Result<T, E>> {
    /// Waits for the result. Returns [`Error::Overloaded`] if the worker does not take the operation within
    /// `limit`. After the worker has taken the operation, the wait has no limit.
    pub(crate) async fn answer(mut self, limit: Duration) -> Result<T, E> {
        let answer = match timeout(limit, &mut self.receiver).await {
            Ok(answer) => answer,
            Err(_) if !self.taken.swap(true, Ordering::AcqRel) => return Err(Error::Overloaded.into()),
            Err(_) => self.receiver.await,
        };
        answer.map_err(|_| Error::Interrupted)?
    }
}

pub(crate) fn turned_away<T>(error: &TrySendError<T>) -> Error {
    match error {
        TrySendError::Full(_) => Error::Overloaded,
        TrySendError::Disconnected(_) => Error::Interrupted,
    }
}
