use serde::{Deserialize, Serialize};

use crate::tlog::Log;

/// The newest checkpoint of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogCheckpoint {
    /// The log.
    pub log: Log,
    /// The number of its entries.
    pub size: u64,
    /// The Merkle tree hash of all entries (RFC 6962, section 2.1).
    pub root: String,
    /// Both, signed: a C2SP tlog-checkpoint.
    pub checkpoint: String,
    /// The keys that verify the log's checkpoints, the newest first, in the form of C2SP signed-note.
    pub keys: Vec<String>,
    /// The newest checkpoint that the root countersigned, which may be older; absent if there is none. The root's line
    /// has the key name `keystead/<issuer>/root` and the form of C2SP tlog-cosignature. Verify it with the root key that
    /// your application pins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countersigned: Option<String>,
}

/// The proof that an entry is in a log (RFC 6962, section 2.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InclusionProof {
    /// The log.
    pub log: Log,
    /// The entry's place, from 0.
    pub index: u64,
    /// The entry, in CBOR: the leaf hash is SHA-256 of a zero byte and these bytes.
    pub entry: String,
    /// Sibling hashes, from the leaf to the root.
    pub proof: Vec<String>,
    /// The checkpoint of the tree that the proof leads to.
    pub checkpoint: String,
}

/// The proof that a log only grew between two sizes (RFC 6962, section 2.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsistencyProof {
    /// The log.
    pub log: Log,
    /// The size of the smaller tree.
    pub from: u64,
    /// The smaller tree's hash, as the log has it.
    pub from_root: String,
    /// The size of the larger tree.
    pub to: u64,
    /// The larger tree's hash.
    pub to_root: String,
    /// The hashes of the proof.
    pub proof: Vec<String>,
}
