//! Whether the audit log and the issue log are whole: each entry's hash covers all entries before it.
//!
//! An attacker who can write the database can rebuild a whole chain, but not what the server's log said before:
//! it names both heads every hour, and a head that was noted elsewhere is compared here.

use keystead_protocol::text::to_hex;
use keystead_storage::{ChainHeads, ChainLink};

use crate::context::Shared;
use crate::error::AppError;

/// One of the two logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainedLog {
    /// What people and tokens did.
    Audit,
    /// Which certificates were issued.
    Issue,
}

/// Both logs' last links.
pub async fn chain_heads(app: &Shared) -> Result<ChainHeads, AppError> {
    Ok(app.store.read(|reader| reader.chain_heads()).await?)
}

/// Walks both chains from the beginning and gives their heads.
///
/// # Errors
/// The first entry that does not fit, as a storage error.
pub async fn verify_logs(app: &Shared) -> Result<ChainHeads, keystead_storage::Error> {
    app.store
        .read(|reader| {
            reader.verify_audit()?;
            reader.verify_issue_log()?;
            reader.chain_heads()
        })
        .await
}

/// Whether a log still has the link that was noted earlier.
pub async fn has_link(app: &Shared, log: ChainedLog, noted: ChainLink) -> Result<bool, AppError> {
    let ChainLink { number, hash } = noted;
    let found = app
        .store
        .read(move |reader| match log {
            ChainedLog::Audit => reader.audit_hash(number),
            ChainedLog::Issue => reader.issue_hash(number),
        })
        .await?;
    Ok(found == Some(hash))
}

/// A link as the server's log and the command line write it: `42:9f86d0…`.
pub fn written(link: &ChainLink) -> String {
    format!("{}:{}", link.number, to_hex(&link.hash))
}
