//! Baselines for HTTP requests: three minimal axum handlers in a separate process. One reads JSON and signs one
//! Ed25519 message, one renders a template, and one renders rows from a database.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use anyhow::Context as _;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Json, Router};
use ed25519_dalek::{Signer as _, SigningKey};
use keystead_protocol::text::to_base64url;
use serde_json::{Value, json};

use crate::page_by_hand::{Page, Pages};

async fn sign(State(key): State<Arc<SigningKey>>, Json(asked): Json<Value>) -> Json<Value> {
    let message = asked.to_string();
    Json(json!({ "message": message, "signed": to_base64url(&key.sign(message.as_bytes()).to_bytes()) }))
}

async fn page() -> Result<Html<String>, StatusCode> {
    Page::constants().render().map(Html).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// Serves until the process is killed. Prints the address as the first line of standard output.
pub fn serve(database: Option<PathBuf>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let key = Arc::new(SigningKey::from_bytes(&[1; 32]));
        let mut router =
            Router::new().route("/api/v1/validations", post(sign)).route("/page", get(page)).with_state(key);
        if let Some(database) = database {
            let pages = Arc::new(Pages::new(&database));
            router = router.route("/devices", get(async move |headers: HeaderMap| pages.show(&headers)));
        }
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let listener = socket.listen(4096)?;
        println!("{}", listener.local_addr()?);
        Ok(axum::serve(listener, router).await?)
    })
}

/// The running baseline server.
pub struct Bare {
    process: Child,
    address: SocketAddr,
}

impl Bare {
    /// Starts the baseline server. With `database`, the path of a server's database, it also serves a page that reads
    /// from this database.
    pub fn start(database: Option<&Path>) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process = command.arg("bare").args(database).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("no standard output")?).read_line(&mut line)?;
        Ok(Self { process, address: line.trim().parse()? })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
