//! Work that recurs while the server runs.

mod follow_keys;
mod send_letters;

use std::time::Duration;

use keystead_domain::DAY;
use keystead_storage::Error;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::Shared;

/// How often measurements are summed up.
const SUMMED_UP: Duration = Duration::from_secs(5);
/// How long answers are kept for repeated requests.
const ANSWERS_KEPT: i64 = 7 * DAY;

/// Does all of it until the server stops.
pub async fn run(app: Shared, metrics: Option<PrometheusHandle>) {
    tokio::join!(
        send_letters::run(app.clone()),
        follow_keys::run(app.clone()),
        tidy_hourly(app),
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

async fn tidy_hourly(app: Shared) {
    let mut hourly = tokio::time::interval(Duration::from_secs(60 * 60));
    loop {
        hourly.tick().await;
        tidy(&app).await;
    }
}

async fn tidy(app: &Shared) {
    let now = app.now();
    app.limits.forget();
    let forgotten: Result<u64, Error> = app
        .store
        .write(move |tx| {
            Ok(tx.forget_answers(now - ANSWERS_KEPT)?
                + tx.forget_ended_sign_ins(now)?
                + tx.forget_authorizations(now)?)
        })
        .await;
    match forgotten {
        Ok(rows) => tracing::debug!(rows, "old answers and sign-ins were forgotten"),
        Err(error) => tracing::error!(%error, "old answers and sign-ins could not be forgotten"),
    }
}
