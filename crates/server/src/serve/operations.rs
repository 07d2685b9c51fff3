//! What the operator's tools ask: on a listener of its own, because customers need not know how the server is doing.

use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use keystead_app::context::{App, Shared};
use keystead_protocol::Code;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::middleware::observe;
use crate::problem::ApiError;
use crate::router::health;

/// Begins to count and measure. The recorder is the process's; all servers in it have it together.
pub fn record_metrics() -> Option<PrometheusHandle> {
    const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || PrometheusBuilder::new().set_buckets(&SECONDS).ok()?.install_recorder().ok();
    RECORDER.get_or_init(install).clone()
}

/// Takes the address for the operator's tools. Customers are served without it where another program has it.
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

/// The addresses for the operator's tools.
pub fn router(app: Shared, metrics: Option<PrometheusHandle>) -> Router {
    let render = move || {
        let text = metrics.as_ref().map(PrometheusHandle::render).unwrap_or_default();
        async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text) }
    };
    health()
        .route("/metrics", get(render))
        .fallback(|| async { ApiError::from(Code::NotFound) })
        .layer(from_fn_with_state(app.clone(), observe))
        .with_state(app)
}

/// How often measurements are summed up.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Sums up measurements: each single one is kept until then, also on a server whose metrics nobody reads.
pub async fn sum_up(metrics: Option<PrometheusHandle>) {
    let Some(metrics) = metrics else { return };
    let mut interval = tokio::time::interval(UPKEEP_INTERVAL);
    loop {
        interval.tick().await;
        metrics.run_upkeep();
    }
}
