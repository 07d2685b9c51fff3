//! The readiness of this node: whether its database can be read and written.

use std::time::{Duration, Instant};

use keystead_protocol::Code;
use keystead_storage::{Error, Store};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::error::AppError;

/// Timeout of the database probe.
const DEADLINE: Duration = Duration::from_secs(2);
/// How long a result is cached. Frequent checks share one probe.
const CACHE_TTL: Duration = Duration::from_secs(1);

/// The result of the last probe.
#[derive(Default)]
pub struct Readiness(Mutex<Option<Probe>>);

#[derive(Clone, Copy)]
struct Probe {
    at: Instant,
    ready: bool,
}

impl Readiness {
    /// Fails unless the store can be read and written. The probe uses the same write queue as all other writes.
    pub async fn check(&self, store: &Store) -> Result<(), AppError> {
        let mut last = self.0.lock().await;
        let fresh = last.filter(|probe| probe.at.elapsed() < CACHE_TTL);
        let ready = match fresh {
            Some(probe) => probe.ready,
            None => {
                let was_ready = last.is_none_or(|probe| probe.ready);
                let ready = probe(store, was_ready).await;
                *last = Some(Probe { at: Instant::now(), ready });
                ready
            }
        };
        match ready {
            true => Ok(()),
            false => Err(AppError::with_detail(Code::Overloaded, "the database doesn't accept changes")),
        }
    }
}

async fn probe(store: &Store, was_ready: bool) -> bool {
    let read_and_write = async {
        store.read(|connection| connection.ping()).await?;
        store.write(|_| Ok::<_, Error>(())).await
    };
    let outcome = timeout(DEADLINE, read_and_write).await.unwrap_or(Err(Error::Overloaded));
    match &outcome {
        Err(error) if was_ready => tracing::error!(%error, "not ready: the database does not take changes"),
        Ok(()) if !was_ready => tracing::info!("ready again"),
        _ => {}
    }
    outcome.is_ok()
}
