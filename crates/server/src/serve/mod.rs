//! Listens for connections, and stops without losing requests in progress.

mod accept;
mod activity;
mod open_files;
mod operations;
mod slots;
mod stream;

use std::net::SocketAddr;
use std::time::Duration;

use accept::{Acceptor, Stage};
use activity::TimeLimits;
use anyhow::Context as _;
use keystead_app::context::{App, Shared};
use keystead_app::jobs;
use slots::Slots;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;

use crate::router;

/// A server that runs in the background.
pub struct Server {
    /// The address for customers.
    pub address: SocketAddr,
    /// The address for the operator's tools, if enabled.
    pub operations: Option<SocketAddr>,
    stage: watch::Sender<Stage>,
    patience: Duration,
}

/// The listen backlog. The system may reduce it. After an outage all devices connect at once; connections
/// beyond the backlog are reset.
const WAITING: u32 = 4096;
/// Maximum number of connections of the operator's tools.
const OPERATIONS_CONNECTIONS: usize = 64;

/// Binds an address. From then on, the system queues connections.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Allows binding while connections of a previous process are in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Starts serving on `listener`. Also serves on the address for the operator's tools, if that address is
/// free.
pub fn serve(app: Shared, listener: TcpListener) -> anyhow::Result<Server> {
    let address = listener.local_addr().context("the listening address is unknown")?;
    let metrics = operations::record_metrics();
    let limits = &app.config.limits;
    let patience = Duration::from_secs(limits.shutdown_seconds);
    let time_limits = TimeLimits {
        head: Duration::from_secs(limits.header_seconds),
        idle: Duration::from_secs(limits.idle_seconds),
    };
    let (stage, running) = watch::channel(Stage::Running);
    let accept = |listener, router, slots| {
        tokio::spawn(Acceptor { listener, router, slots, limits: time_limits, stage: running.clone() }.run());
    };
    let operations = operations::listen(&app);
    let operations_address = operations.as_ref().and_then(|listener| listener.local_addr().ok());
    if let Some(listener) = operations {
        let router = operations::router(app.clone(), metrics.clone());
        accept(listener, router, Slots::new(OPERATIONS_CONNECTIONS, None));
    }
    accept(listener, router::router(app.clone()), customers(&app));
    tokio::spawn(run_jobs(app, metrics, running.clone()));
    Ok(Server { address, operations: operations_address, stage, patience })
}

/// The limits for customers' connections. Behind proxies, there is no limit per address, because all
/// customers share few addresses.
fn customers(app: &App) -> Slots {
    let limits = &app.config.limits;
    let possible = open_files::connections();
    if possible < limits.connections {
        tracing::warn!(
            possible,
            wanted = limits.connections,
            "the limit of open files allows fewer connections than limits.connections"
        );
    }
    let all = limits.connections.min(possible);
    let counted = app.config.trusted_proxies == 0 && limits.connections_per_address > 0;
    Slots::new(all, counted.then_some(limits.connections_per_address))
}

async fn run_jobs(
    app: Shared,
    metrics: Option<metrics_exporter_prometheus::PrometheusHandle>,
    mut stage: watch::Receiver<Stage>,
) {
    tokio::select! {
        ((), ()) = async { tokio::join!(jobs::run(app), operations::sum_up(metrics)) } => {}
        _ = stage.wait_for(|stage| *stage >= Stage::Draining) => {}
    }
}

impl Server {
    /// Stops accepting connections and finishes the requests in progress. After the shutdown time limit,
    /// closes the remaining connections.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stage.send_replace(Stage::Draining);
        if tokio::time::timeout(self.patience, self.stage.closed()).await.is_err() {
            let connections = self.stage.receiver_count();
            tracing::warn!(connections, "connections that did not end in time are cut");
            self.stage.send_replace(Stage::Cut);
            self.stage.closed().await;
        }
        Ok(())
    }
}
