//! Transparency logs: append-only lists whose entries are the leaves of a Merkle tree (RFC 6962, section 2.1).
//!
//! The server keeps two, [`Log::Issue`] and [`Log::Audit`]. Anyone who holds a [`checkpoint`] can verify that an
//! entry is in the log and that a later checkpoint only added entries.

pub mod checkpoint;
pub mod countersignature;
mod entry;
pub mod merkle;
mod proof;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use entry::{AuditEntry, Covers, IssueEntry};
pub use merkle::Hash;
pub use proof::{verify_consistency, verify_inclusion};

/// One of the server's two logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Log {
    /// Issued certificates.
    Issue,
    /// Actions of people, devices and tokens.
    Audit,
}

impl Log {
    /// Both logs.
    pub const ALL: [Log; 2] = [Log::Issue, Log::Audit];

    /// The name in URLs, on the command line and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Log::Issue => "issue",
            Log::Audit => "audit",
        }
    }

    /// The first line of the log's checkpoints (C2SP tlog-checkpoint); unique per log.
    pub fn origin(self, issuer: &str) -> String {
        format!("keystead/{issuer}/{}", self.name())
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Log {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Log::ALL.into_iter().find(|log| log.name() == name).ok_or("expected `issue` or `audit`")
    }
}

/// The size and the root hash of a log's tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// The number of entries.
    pub size: u64,
    /// The Merkle tree hash of all entries.
    pub root: Hash,
}

impl fmt::Display for TreeHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.size, crate::text::to_hex(&self.root))
    }
}

impl FromStr for TreeHead {
    type Err = &'static str;

    /// Parses `SIZE:ROOT`, the root in hexadecimal.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (size, root) = text.split_once(':')?;
            let root = crate::text::from_hex(root)?.try_into().ok()?;
            Some(Self { size: size.parse().ok()?, root })
        };
        read().ok_or("expected SIZE:ROOT with the root as 64 hexadecimal digits")
    }
}
