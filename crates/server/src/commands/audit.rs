use std::str::FromStr;
use std::sync::Arc;

use clap::Subcommand;
use keystead_app::audit::verify_logs::{ChainedLog, has_link, verify_logs, written};
use keystead_app::context::App;
use keystead_protocol::text::from_hex;
use keystead_storage::ChainLink;

/// The audit log and the issue log.
#[derive(Subcommand)]
pub enum Audit {
    /// Check both hash chains from the beginning, and whether they still hold what was noted earlier.
    Verify {
        /// A head that the server's log named, as `audit=42:9f86…` or `issue=7:60303a…`.
        #[arg(long)]
        noted: Vec<Noted>,
    },
}

/// A link that was noted earlier.
#[derive(Debug, Clone)]
pub struct Noted {
    log: ChainedLog,
    link: ChainLink,
}

impl FromStr for Noted {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected audit=NUMBER:HASH or issue=NUMBER:HASH";
        let (log, link) = text.split_once('=').ok_or(EXPECTED)?;
        let log = match log {
            "audit" => ChainedLog::Audit,
            "issue" => ChainedLog::Issue,
            _ => return Err(EXPECTED),
        };
        let (number, hash) = link.split_once(':').ok_or(EXPECTED)?;
        let (number, hash) = (number.parse().map_err(|_| EXPECTED)?, from_hex(hash).ok_or(EXPECTED)?);
        Ok(Self { log, link: ChainLink { number, hash } })
    }
}

impl Audit {
    /// Runs the command.
    pub async fn run(self, app: &Arc<App>) -> anyhow::Result<()> {
        let Audit::Verify { noted } = self;
        let heads = verify_logs(app).await?;
        for Noted { log, link } in noted {
            let told = written(&link);
            anyhow::ensure!(
                has_link(app, log, link).await?,
                "the {log:?} log does not hold {told}: it was replaced since that was noted"
            );
        }
        println!("Both logs are whole: audit={} issue={}", written(&heads.audit), written(&heads.issue));
        Ok(())
    }
}
