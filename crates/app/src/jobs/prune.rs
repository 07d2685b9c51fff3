//! Deletes obsolete rows, in short transactions that do not delay requests.

use std::time::Duration;

use keystead_domain::{DAY, Millis};
use keystead_storage::{Error, Role, Tx};

use crate::accounts::sign_in_event;
use crate::context::{App, Shared};

/// Interval of the job.
const INTERVAL: Duration = Duration::from_secs(60 * 60);
/// Retention of stored responses for repeated requests.
const ANSWERS_KEPT: Millis = 7 * DAY;
/// Retention of outbox messages.
const MESSAGES_KEPT: Millis = 30 * DAY;
/// Retention of application sessions after their end.
const APP_SESSIONS_KEPT: Millis = 30 * DAY;
/// Retention of failed attempts. A shorter period would allow unlimited slow guessing.
const FAILURES_KEPT: Millis = 365 * DAY;
/// Maximum number of targets with failed attempts.
const TARGETS_KEPT: u32 = 1_000_000;
/// Maximum number of rows deleted per transaction.
const BATCH: u32 = 1000;

/// Numbers of deleted rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Stored responses, and sign-ins that were abandoned or have expired.
    pub answers_and_sign_ins: u64,
    /// Expired failed attempts, and idle browser sessions.
    pub attempts_and_idle_browsers: u64,
    /// Addresses of sign-ins.
    pub addresses: u64,
    /// Outbox messages.
    pub messages: u64,
    /// Application sessions.
    pub app_sessions: u64,
}

/// Prunes every hour.
pub async fn run(app: Shared) {
    let mut hourly = tokio::time::interval(INTERVAL);
    loop {
        hourly.tick().await;
        app.limits.forget();
        match prune(&app).await {
            Ok(pruned) => tracing::debug!(?pruned, "old rows were deleted"),
            Err(error) => tracing::error!(%error, "old rows could not be deleted"),
        }
    }
}

/// Deletes all rows whose retention is over.
pub async fn prune(app: &App) -> Result<Pruned, Error> {
    let now = app.now();
    let answers = in_batches(app, move |tx| tx.answers_prune(now - ANSWERS_KEPT, BATCH)).await?;
    let sign_ins = app
        .store
        .write(move |tx| Ok::<_, Error>(tx.sessions_prune(now)? + tx.authorization_codes_prune(now)?));
    let settings = &app.config.sign_in;
    let addresses_kept = Millis::from(settings.address_days) * DAY;
    let idle = settings.idle(Role::Customer).max(settings.idle(Role::Admin));
    let attempts_and_idle_browsers = app.store.write(move |tx| {
        sign_in_event::sum_up(tx, now)?;
        let attempts = tx.attempts_prune(now - FAILURES_KEPT, TARGETS_KEPT)?;
        Ok::<_, Error>(attempts + tx.web_sessions_prune_idle(now - idle)?)
    });
    Ok(Pruned {
        answers_and_sign_ins: answers + sign_ins.await?,
        attempts_and_idle_browsers: attempts_and_idle_browsers.await?,
        addresses: in_batches(app, move |tx| tx.personal_fields_prune(now - addresses_kept, BATCH)).await?,
        messages: in_batches(app, move |tx| tx.messages_prune(now - MESSAGES_KEPT, BATCH)).await?,
        app_sessions: in_batches(app, move |tx| tx.app_sessions_prune(now - APP_SESSIONS_KEPT, BATCH))
            .await?,
    })
}

async fn in_batches(
    app: &App,
    delete: impl Fn(&mut Tx<'_>) -> Result<u64, Error> + Copy + Send + 'static,
) -> Result<u64, Error> {
    let mut deleted = 0;
    loop {
        let rows = app.store.write(delete).await?;
        deleted += rows;
        if rows < u64::from(BATCH) {
            return Ok(deleted);
        }
    }
}
