//! The operator's key commands: status, signing on the machine with the root key, rotation, revocation.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use keystead_app::clock::Clock;
use keystead_app::context::App;
use keystead_app::keys::manage_keys::{
    draw_next_root, install_keys, request_keys, revoke_key, rotate_keys, show_keys,
};
use keystead_app::keys::{KeyRequest, Rotation, read_root};
use keystead_app::principal::Principal;
use keystead_protocol::certificate::KeyId;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The server's keys.
#[derive(Subcommand)]
pub enum Key {
    /// Sign a request on the machine with the root key; needs no database and no data folder.
    Renew(Renew),
    #[command(flatten)]
    OnServer(OnServer),
}

#[derive(Args)]
pub struct Renew {
    /// The file with the root key, or with the next one.
    #[arg(long)]
    root: PathBuf,
    /// The file that `key request` wrote.
    #[arg(long)]
    request: PathBuf,
    /// The file to write.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Subcommand)]
pub enum OnServer {
    /// Show the root keys, the issuing keys, and how long they can sign.
    Status,
    /// Write a request for the root key on another machine. It contains the newest checkpoints of the logs.
    Request {
        /// The file to write.
        #[arg(long)]
        out: PathBuf,
        /// The ID of a stolen issuing key to revoke.
        #[arg(long, value_parser = key_id)]
        revoke: Option<KeyId>,
    },
    /// Install what the root key signed.
    Install {
        /// The file that `key renew` wrote.
        file: PathBuf,
    },
    /// Create new secrets. Values made with the old ones stay valid.
    ///
    /// After a theft: revoke the issuing key, and rotate nonce and id-token twice, which invalidates values made with
    /// the stolen secrets. Two secrets are never rotated, because devices depend on them: confirmation (applications
    /// ship with its public key) and offline (devices without a network prove releases with it). The root key has a
    /// successor instead: see root-next.
    Rotate {
        /// issuing, product-keys, sealing, nonce, ratchet, id-token, log or all.
        what: Rotation,
    },
    /// Revoke a stolen issuing key: its certificates are no longer accepted.
    Revoke {
        /// The key's ID, as `key status` shows it.
        #[arg(value_parser = key_id)]
        id: KeyId,
    },
    /// Create the next root key, which application profiles then contain beside the current one.
    RootNext,
}

fn key_id(text: &str) -> Result<KeyId, &'static str> {
    KeyId::from_hex(text).ok_or("expected the 16 hexadecimal digits of a key id")
}

impl OnServer {
    /// Runs the command.
    pub async fn run(self, app: &Arc<App>) -> anyhow::Result<()> {
        let operator = &Principal::Operator;
        match self {
            OnServer::Status => {}
            OnServer::Request { out, revoke } => {
                write(&out, &request_keys(app, operator, revoke).await?)?;
                let out = out.display();
                println!("To sign it, run this on the machine with the root key:");
                println!("keystead-server key renew --root FILE --request {out} --out FILE");
                return Ok(());
            }
            OnServer::Install { file } => install_keys(app, operator, &read(&file)?).await?,
            OnServer::Rotate { what } => rotate_keys(app, operator, what).await?,
            OnServer::Revoke { id } => revoke_key(app, operator, id).await?,
            OnServer::RootNext => {
                println!("next root key: {}", draw_next_root(app, operator).await?);
                println!("Move root-next.key from {} to a safe place.", app.keys.folder().display());
            }
        }
        print!("{}", show_keys(app, operator)?);
        Ok(())
    }
}

impl Renew {
    /// Runs the command.
    pub fn run(&self) -> anyhow::Result<()> {
        let (root, request): (_, KeyRequest) = (read_root(&self.root)?, read(&self.request)?);
        write(&self.out, &request.sign(&root, Clock::System.now())?)?;
        println!("{:<14}{}", "vendor", request.issuer);
        println!("{:<14}{} can sign for 90 days", "issuing key", request.key_id()?.to_hex());
        for (log, head) in request.tree_heads()? {
            println!("{:<14}{log}={head}", "countersigned");
        }
        for id in &request.revoked {
            println!("{:<14}{id}", "revoked");
        }
        println!("To install it, run this on the server: keystead-server key install {}", self.out.display());
        Ok(())
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_slice(&text)
        .with_context(|| format!("{} is not the expected kind of file", path.display()))
}

fn write(path: &Path, content: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_vec_pretty(content)?;
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}
