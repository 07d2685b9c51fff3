//! Keeps the keys current: reloads changes by other processes, renews the root's statements, and warns before
//! they expire.

use std::time::Duration;

use crate::context::Shared;

const INTERVAL: Duration = Duration::from_secs(60);

/// Runs every minute until the server stops.
pub async fn run(app: Shared) {
    let mut interval = tokio::time::interval(INTERVAL);
    loop {
        interval.tick().await;
        follow(&app).await;
    }
}

async fn follow(app: &Shared) {
    let now = app.now();
    if let Err(error) = app.keys.reload(&app.store).await {
        tracing::error!(error = format!("{error:#}"), "the keys could not be reloaded");
        return;
    }
    if let Err(error) = app.keys.renew(&app.store, now).await {
        tracing::error!(error = format!("{error:#}"), "the key statements could not be renewed");
    }
    app.keys.watch_signing_window(now);
}
