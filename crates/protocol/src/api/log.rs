use serde::{Deserialize, Serialize};

use crate::tlog::Log;

/// The newest checkpoint of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogCheckpoint {
    /// The log.
    pub log: Log,
    /// Number of entries.
    pub size: u64,
    /// The Merkle tree hash of all entries (RFC 6962, section 2.1), base64url.
    pub root: String,
    /// The size and the root hash, signed: a C2SP tlog-checkpoint.
    pub checkpoint: String,
    /// The public keys of the log, newest first, as C2SP signed-note verifier keys.
    pub keys: Vec<String>,
    /// The newest checkpoint that the root countersigned; absent if there is none. It may be older than `checkpoint`.
    /// The root's signature line has the key name `keystead/<issuer>/root` and the form of C2SP tlog-cosignature.
    /// Verify this line with the root key that your application pins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countersigned: Option<String>,
}

/// The proof that an entry is in a log (RFC 6962, section 2.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InclusionProof {
    /// The log.
    pub log: Log,
    /// The entry's index, from 0.
    pub index: u64,
    /// The entry as CBOR, base64url. The leaf hash is SHA-256 over a zero byte and the CBOR bytes.
    pub entry: String,
    /// Sibling hashes from the leaf to the root, base64url.
    pub proof: Vec<String>,
    /// The checkpoint of the tree that contains the entry.
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
    /// The root hash of the smaller tree, base64url.
    pub from_root: String,
    /// The size of the larger tree.
    pub to: u64,
    /// The root hash of the larger tree, base64url.
    pub to_root: String,
    /// The hashes of the proof, base64url.
    pub proof: Vec<String>,
}
