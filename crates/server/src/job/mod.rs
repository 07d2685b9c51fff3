//! Work that recurs while the server runs.

mod deliver_messages;
mod follow_keys;
mod prune;
mod send_letters;
mod sequence_logs;

use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::Shared;

pub use deliver_messages::CONSUMERS;
pub use prune::{Pruned, prune};

/// How often measurements are summed up.
const SUMMED_UP: Duration = Duration::from_secs(5);

/// Does all of it until the server stops.
pub async fn run(app: Shared, metrics: Option<PrometheusHandle>) {
    tokio::join!(
        send_letters::run(app.clone()),
        follow_keys::run(app.clone()),
        sequence_logs::run(app.clone()),
        deliver_messages::run(app.clone(), deliver_messages::consumers()),
        prune::run(app),
        sum_up(metrics)
    );
}

/// Every single measurement is kept until somebody sums them up; on a server that nobody watches, this is who does.
async fn sum_up(metrics: Option<PrometheusHandle>) {
    let Some(metrics) = metrics else { return };
    let mut often = tokio::time::interval(SUMMED_UP);
    loop {
        often.tick().await;
        metrics.run_upkeep();
    }
}
