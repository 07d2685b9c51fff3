//! The operator's endpoints. They have a separate listener, because customers must not see the server's
//! metrics.

use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use keystead_app::context::{App, Shared};
use keystead_protocol::Code;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::middleware::observe;
use crate::problem::ApiError;
use crate::router::health;

/// Installs the metrics recorder. All servers in a process share one recorder.
pub fn record_metrics() -> Option<PrometheusHandle> {
    const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || PrometheusBuilder::new().set_buckets(&SECONDS).ok()?.install_recorder().ok();
    RECORDER.get_or_init(install).clone()
}

/// Binds the address for the operator's tools. If the address is in use, the server runs without these
/// endpoints.
pub fn listen(app: &App) -> Option<TcpListener> {
    let address = app.config.metrics_listen.address()?;
    match super::listen(address) {
        Ok(listener) => Some(listener),
        Err(error) => {
            tracing::warn!(%address, %error, "no metrics: the address cannot be listened on; set metrics_listen to another, or to \"off\"");
            None
        }
    }
}

/// The router of the operator's endpoints.
pub fn router(app: Shared, metrics: Option<PrometheusHandle>) -> Router {
    let render = move || {
        let text = metrics.as_ref().map(PrometheusHandle::render).unwrap_or_default();
        async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text) }
    };
    let router =
        health().route("/metrics", get(render)).fallback(|| async { ApiError::from(Code::NotFound) });
    observe(router, app)
}

/// Interval at which metrics are aggregated.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Aggregates metrics at intervals. Otherwise, single measurements would accumulate if the metrics are never
/// read.
pub async fn sum_up(metrics: Option<PrometheusHandle>) {
    let Some(metrics) = metrics else { return };
    let mut interval = tokio::time::interval(UPKEEP_INTERVAL);
    loop {
        interval.tick().await;
        metrics.run_upkeep();
    }
}
