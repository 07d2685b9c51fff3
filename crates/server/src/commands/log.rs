use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Subcommand;
use keystead_app::audit::transparency_logs::{
    begins_with, prove_certificate, prove_consistency, prove_inclusion, sequence_logs, verify_logs,
};
use keystead_app::context::App;
use keystead_app::keys::manage_keys::countersign_logs;
use keystead_app::principal::Principal;
use keystead_protocol::text::from_base64url;
use keystead_protocol::tlog::{Log as LogName, TreeHead};
use keystead_storage::VerifiedLog;

/// The audit log and the issue log.
#[derive(Subcommand)]
pub enum Log {
    /// Sign the newest checkpoints of both logs with the root key as well, and print their tree heads.
    ///
    /// Needs root.key in the keys folder. If it is on another machine, `key request`, `key renew` and `key install`
    /// countersign too. Keep the tree heads on another machine: `log verify --noted` compares them.
    Countersign,
    /// Check all entries, the trees and the signed checkpoints, and whether the logs extend the noted trees.
    Verify {
        /// A tree head from the server's log or from `log countersign`, such as `audit=42:9f86…` or `issue=7:60303a…`.
        #[arg(long)]
        noted: Vec<NotedHead>,
    },
    /// Prove that an entry is in a log, or that a log was only appended to.
    #[command(subcommand)]
    Prove(Proof),
}

/// The statement to prove.
#[derive(Subcommand)]
pub enum Proof {
    /// Prove that this server issued a certificate.
    Certificate {
        /// A file with the certificate in base64url, as it was sent.
        file: PathBuf,
    },
    /// Prove that an audit event was recorded.
    Event {
        /// The event's ID, such as `evt_019aa5…`.
        id: String,
    },
    /// Prove that a larger tree extends a smaller one.
    Growth {
        /// The log: `issue` or `audit`.
        log: LogName,
        /// The size of the smaller tree.
        from: u64,
        /// The size of the larger tree; by default the newest.
        to: Option<u64>,
    },
}

/// A tree head that was noted earlier.
#[derive(Debug, Clone)]
pub struct NotedHead {
    log: LogName,
    head: TreeHead,
}

impl FromStr for NotedHead {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected audit=SIZE:ROOT or issue=SIZE:ROOT";
        let (log, head) = text.split_once('=').ok_or(EXPECTED)?;
        Ok(Self { log: log.parse().map_err(|_| EXPECTED)?, head: head.parse().map_err(|_| EXPECTED)? })
    }
}

impl Log {
    /// Runs the command.
    pub async fn run(self, app: &Arc<App>) -> anyhow::Result<()> {
        // Adds recent commits to the trees, because a server may not be running.
        sequence_logs(app).await?;
        match self {
            Log::Countersign => countersign(app).await,
            Log::Verify { noted } => verify(app, noted).await,
            Log::Prove(proof) => prove(app, proof).await,
        }
    }
}

async fn countersign(app: &Arc<App>) -> anyhow::Result<()> {
    let heads = countersign_logs(app, &Principal::Operator).await?;
    anyhow::ensure!(!heads.is_empty(), "both logs are empty");
    let heads: Vec<String> = heads.iter().map(|(log, head)| format!("{log}={head}")).collect();
    println!("Countersigned by the root key: {}", heads.join(" "));
    println!("Its verifier key: {}", app.keys.root_verifier_key());
    Ok(())
}

async fn verify(app: &Arc<App>, noted: Vec<NotedHead>) -> anyhow::Result<()> {
    let verified = verify_logs(app, &Principal::Operator).await?;
    for NotedHead { log, head } in noted {
        anyhow::ensure!(
            begins_with(app, &Principal::Operator, log, head).await?,
            "the {log} log does not begin with {head}: it was rewritten after that was noted"
        );
    }
    let heads: Vec<String> = verified.iter().map(|(log, whole)| format!("{log}={}", whole.head)).collect();
    println!("Both logs are intact: {}", heads.join(" "));
    let reach = |(log, whole): &(LogName, VerifiedLog)| {
        format!("{log} {} of {} entries", whole.countersigned, whole.head.size)
    };
    println!("Countersigned by the root key: {}", verified.iter().map(reach).collect::<Vec<_>>().join(", "));
    Ok(())
}

async fn prove(app: &Arc<App>, proof: Proof) -> anyhow::Result<()> {
    let proved = match proof {
        Proof::Certificate { file } => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            let certificate = from_base64url(text.trim())
                .with_context(|| format!("{} is not a certificate", file.display()))?;
            let proved = prove_certificate(app, &Principal::Operator, &certificate).await;
            serde_json::to_string_pretty(&proved.ok().context("the issue log has no such certificate")?)?
        }
        Proof::Event { id } => {
            let proved = prove_inclusion(app, &Principal::Operator, LogName::Audit, &id).await;
            serde_json::to_string_pretty(&proved.ok().context("the audit log has no such event")?)?
        }
        Proof::Growth { log, from, to } => {
            let proved = prove_consistency(app, &Principal::Operator, log, from, to).await;
            serde_json::to_string_pretty(&proved.ok().context("the log has fewer entries than that")?)?
        }
    };
    println!("{proved}");
    Ok(())
}
