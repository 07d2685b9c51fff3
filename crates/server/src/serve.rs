//! Listening, and stopping without losing what was begun.

use std::net::SocketAddr;

use anyhow::Context as _;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::Shared;
use crate::{job, router};

/// A server that runs in the background.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

/// Connections that may wait to be taken, as far as the system lets them: after an outage all devices come at once, and what
/// does not fit is reset.
const WAITING: u32 = 4096;

/// Takes an address; connections wait from here on.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections of a server that just ended do not keep the next one from its address.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Begins to serve on `listener`.
pub fn serve(app: Shared, listener: TcpListener) -> anyhow::Result<Server> {
    let address = listener.local_addr().context("the listening address is unknown")?;
    let metrics = record_metrics();
    let tidy = tokio::spawn(job::run(app.clone(), metrics.clone()));
    let service = router::router(app, metrics).into_make_service_with_connect_info::<SocketAddr>();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        let served = axum::serve(listener, service)
            .with_graceful_shutdown(async {
                let _ = stopped.await;
            })
            .await;
        tidy.abort();
        served
    });
    Ok(Server { address, stop, task })
}

/// Begins to count and measure; a second server in one process shares nothing and has none.
fn record_metrics() -> Option<PrometheusHandle> {
    const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];
    PrometheusBuilder::new().set_buckets(&SECONDS).ok()?.install_recorder().ok()
}

impl Server {
    /// Takes no new requests, finishes those that were begun, and ends.
    pub async fn stop(self) -> anyhow::Result<()> {
        let _ = self.stop.send(());
        self.task.await.context("the server ended by a mistake")??;
        Ok(())
    }
}
