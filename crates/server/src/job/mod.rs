//! Work that recurs while the server runs.

mod prune;
mod send_letters;

use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::Shared;

pub use prune::{Pruned, prune};

/// How often measurements are summed up.
const SUMMED_UP: Duration = Duration::from_secs(5);
/// How often it is looked whether the key statements have to be renewed.
const KEYS_LOOKED_AT: Duration = Duration::from_secs(60 * 60);

/// Does all of it until the server stops.
pub async fn run(app: Shared, metrics: Option<PrometheusHandle>) {
    tokio::join!(send_letters::run(app.clone()), prune::run(app.clone()), renew_keys(app), sum_up(metrics));
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

async fn renew_keys(app: Shared) {
    let mut hourly = tokio::time::interval(KEYS_LOOKED_AT);
    loop {
        hourly.tick().await;
        if let Err(error) = app.keys.renew(app.now()) {
            tracing::error!(%error, "the key statements could not be renewed");
        }
    }
}
