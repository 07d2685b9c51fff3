//! Every second, appends committed entries to the trees of the logs and signs checkpoints. Every hour, writes
//! both tree heads to the server's log output. Keep this output where an attacker who can write the database
//! cannot change it. A comparison with it reveals a rebuilt tree (`keystead-server log verify --noted`).

use std::time::Duration;

use keystead_protocol::tlog::Log;
use tokio::time::MissedTickBehavior;

use crate::audit::transparency_logs::{sequence_logs, tree_head};
use crate::context::Shared;

const INTERVAL: Duration = Duration::from_secs(1);
const NOTED: Duration = Duration::from_secs(60 * 60);

/// Runs until the server stops.
pub async fn run(app: Shared) {
    tokio::join!(sequence_often(&app), note_hourly(&app));
}

async fn sequence_often(app: &Shared) {
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if let Err(error) = sequence_logs(app).await {
            tracing::error!(%error, "the logs could not be sequenced");
        }
    }
}

async fn note_hourly(app: &Shared) {
    let mut interval = tokio::time::interval(NOTED);
    loop {
        interval.tick().await;
        for log in Log::ALL {
            match tree_head(app, log).await {
                Ok(head) => tracing::info!(%log, tree = %head, "the log reaches to here"),
                Err(error) => tracing::error!(%log, %error, "the log's checkpoint could not be read"),
            }
        }
    }
}
