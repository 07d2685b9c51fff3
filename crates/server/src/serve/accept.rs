//! Accepts connections and serves HTTP/1.1 on them. Limits their number and the time that clients may take.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::Instant;
use tower::Service as _;

use super::activity::{Activity, TimeLimits};
use super::slots::{Slot, Slots};
use super::stream::NotedStream;

/// Buffer size per connection, for reading a request's head and for writing.
const BUFFER_BYTES: usize = 64 * 1024;
/// Pause after the system ran out of files or memory for a new connection.
const AFTER_EXHAUSTION: Duration = Duration::from_millis(500);
/// Minimum time between two warnings that all connections are taken.
const BETWEEN_WARNINGS: Duration = Duration::from_secs(60);

/// How the server treats its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Accepts and serves connections.
    Running,
    /// Accepts no new connections, and closes each open connection after its current request.
    Draining,
    /// Closes all connections.
    Cut,
}

/// Accepts connections on a listener.
pub struct Acceptor {
    /// The listening socket.
    pub listener: TcpListener,
    /// The router that handles the requests.
    pub router: Router,
    /// The connection limits.
    pub slots: Slots,
    /// Time limits for clients.
    pub limits: TimeLimits,
    /// The current stage. Each connection holds a receiver. The sender therefore notices when all connections
    /// have ended.
    pub stage: watch::Receiver<Stage>,
}

impl Acceptor {
    /// Accepts until the server stops.
    pub async fn run(mut self) {
        let mut stage = self.stage.clone();
        tokio::select! {
            () = reached(&mut stage, Stage::Draining) => {}
            () = self.accept_all() => {}
        }
    }

    async fn accept_all(&mut self) {
        let mut warned: Option<Instant> = None;
        loop {
            if self.slots.are_taken() && warned.is_none_or(|at| at.elapsed() > BETWEEN_WARNINGS) {
                warned = Some(Instant::now());
                tracing::warn!("all connections are taken; new ones wait (limits.connections)");
            }
            let permit = self.slots.free().await;
            let (stream, peer) = self.accept().await;
            match self.slots.take(permit, peer.ip()) {
                Some(slot) => self.serve(stream, peer, slot),
                None => metrics::counter!("keystead_connections_refused_total").increment(1),
            }
        }
    }

    /// Waits for the next connection. Retries after an error, because the error concerns only one connection
    /// or passes when other connections end.
    async fn accept(&self) -> (TcpStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok(accepted) => return accepted,
                Err(error) if is_of_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(AFTER_EXHAUSTION).await;
                }
            }
        }
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr, slot: Slot) {
        let activity = Activity::new(self.limits);
        let router = self.router.clone();
        let stage = self.stage.clone();
        tokio::spawn(async move {
            let _slot = slot;
            serve_connection(stream, peer, activity, router, stage).await;
        });
    }
}

fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Waits until the stage is `wanted` or a later one. A dropped sender counts as the last stage.
async fn reached(stage: &mut watch::Receiver<Stage>, wanted: Stage) {
    let _ = stage.wait_for(|stage| *stage >= wanted).await;
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    activity: Activity,
    router: Router,
    mut stage: watch::Receiver<Stage>,
) {
    let io = TokioIo::new(NotedStream { stream, activity: activity.clone() });
    let requests = activity.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        requests.request_begins();
        request.extensions_mut().insert(ConnectInfo(peer));
        let (answer, requests) = (router.clone().call(request), requests.clone());
        async move {
            let answer = answer.await;
            requests.request_ends();
            answer
        }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .max_buf_size(BUFFER_BYTES)
            // `Activity` limits the time for a request's head and the time between requests.
            .header_read_timeout(None)
            .serve_connection(io, service)
    );
    let (mut until, mut expired) = (Stage::Draining, pin!(activity.expired()));
    loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::trace!(%peer, %error, "a connection ended early");
                }
                return;
            }
            limit = &mut expired => {
                metrics::counter!("keystead_connections_cut_total", "limit" => limit).increment(1);
                return;
            }
            () = reached(&mut stage, until) => {
                if until == Stage::Cut {
                    return;
                }
                connection.as_mut().graceful_shutdown();
                until = Stage::Cut;
            }
        }
    }
}
