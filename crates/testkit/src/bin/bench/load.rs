//! Many clients, each with its own connection. A client sends a request, waits for the response, and repeats.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use keystead_protocol::proof::NONCE_HEADER;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The parts of a response that the next request needs.
pub struct Answer<'a> {
    pub status: u16,
    /// The nonce for the next proof.
    pub nonce: Option<&'a str>,
    pub body: &'a str,
}

/// A simulated client. `next` returns the next request, or `None` at the end; `heard` handles a response.
pub trait Client: Send + 'static {
    fn next(&mut self) -> Option<Vec<u8>>;
    fn heard(&mut self, answer: Answer<'_>) -> anyhow::Result<()>;
}

/// The result of a run.
pub struct Outcome<C> {
    /// Responses per second.
    pub rate: f64,
    /// The latency of each response.
    pub latencies: Vec<Duration>,
    /// The clients after the run, for example with unused product keys.
    pub clients: Vec<C>,
}

impl<C> Outcome<C> {
    /// The latency within which `share` of all responses arrived.
    pub fn percentile(&mut self, share: f64) -> Duration {
        self.latencies.sort_unstable();
        let at = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(at.min(self.latencies.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// Runs all clients for the duration of `turn`.
pub fn run<C: Client>(address: SocketAddr, clients: Vec<C>, turn: Duration) -> anyhow::Result<Outcome<C>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let began = Arc::new(Instant::now());
        let tasks: Vec<_> = clients
            .into_iter()
            .map(|client| tokio::spawn(drive(address, client, began.clone(), turn)))
            .collect();
        let (mut latencies, mut clients) = (Vec::new(), Vec::new());
        for task in tasks {
            let (took, client) = task.await??;
            latencies.extend(took);
            clients.push(client);
        }
        let rate = latencies.len() as f64 / began.elapsed().as_secs_f64();
        Ok(Outcome { rate, latencies, clients })
    })
}

async fn drive<C: Client>(
    address: SocketAddr,
    mut client: C,
    began: Arc<Instant>,
    turn: Duration,
) -> anyhow::Result<(Vec<Duration>, C)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut latencies, mut buffer) = (Vec::new(), Vec::with_capacity(16 * 1024));
    while began.elapsed() < turn {
        let Some(request) = client.next() else { break };
        let asked = Instant::now();
        stream.write_all(&request).await?;
        let (status, head) = read(&mut stream, &mut buffer).await?;
        latencies.push(asked.elapsed());
        let headers = std::str::from_utf8(&buffer[..head])?;
        let body = std::str::from_utf8(&buffer[head..])?;
        client.heard(Answer { status, nonce: header(headers, NONCE_HEADER), body })?;
    }
    Ok((latencies, client))
}

/// Reads one complete response; returns its status and the offset of its body.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<(u16, usize)> {
    buffer.clear();
    loop {
        anyhow::ensure!(stream.read_buf(buffer).await? > 0, "the server closed the connection");
        let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end])?;
        let status = head.get(9..12).and_then(|text| text.parse().ok()).context("no status")?;
        let length: usize =
            header(head, "content-length").and_then(|text| text.parse().ok()).context("no length")?;
        while buffer.len() < end + 4 + length {
            anyhow::ensure!(stream.read_buf(buffer).await? > 0, "the server closed the connection");
        }
        return Ok((status, end + 4));
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
    lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
