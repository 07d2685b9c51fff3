//! The bytes that a leaf hash covers: a CBOR array (RFC 8949, deterministic encoding) of a version and every field,
//! so that different entries never share an encoding.

use ciborium::Value;
use sha2::{Digest as _, Sha256};

use super::merkle::{Hash, leaf_hash};
use crate::certificate::cbor;
use crate::id::{ActivationId, AuditEventId};

/// Which bytes of an issued certificate the hash in its log entry covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers {
    /// The certificate's encoded claims.
    Claims,
    /// The whole certificate with its signature. Used by entries older than the log's tree.
    Token,
}

impl Covers {
    /// The name in the database and in the encoding.
    pub const fn name(self) -> &'static str {
        match self {
            Covers::Claims => "claims",
            Covers::Token => "token",
        }
    }

    /// The variant with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Covers::Claims, Covers::Token].into_iter().find(|covers| covers.name() == name)
    }
}

/// An entry of the issue log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueEntry {
    /// The certificate's id, 16 random bytes.
    pub token_id: [u8; 16],
    /// Which bytes of the certificate `hash` covers.
    pub covers: Covers,
    /// SHA-256 of the claims or the certificate.
    pub hash: Hash,
    /// The activation of the certificate.
    pub activation: ActivationId,
    /// The actor of the request.
    pub actor: String,
    /// The reason of issue.
    pub reason: String,
    /// Time of issue, UTC milliseconds.
    pub issued_at: i64,
}

impl IssueEntry {
    /// The encoded entry, which the leaf hash covers.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(&Value::Array(vec![
            "keystead/issue/v1".into(),
            self.token_id.as_slice().into(),
            self.covers.name().into(),
            self.hash.as_slice().into(),
            self.activation.as_bytes().as_slice().into(),
            self.actor.as_str().into(),
            self.reason.as_str().into(),
            self.issued_at.into(),
        ]))
    }

    /// The leaf hash.
    pub fn leaf(&self) -> Hash {
        leaf_hash(&self.encode())
    }

    /// Whether the entry belongs to the certificate with these bytes and signed `claims`.
    pub fn is_of(&self, certificate: &[u8], claims: &[u8]) -> bool {
        let covered = match self.covers {
            Covers::Claims => claims,
            Covers::Token => certificate,
        };
        self.hash == *Sha256::digest(covered)
    }
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The event's id.
    pub id: AuditEventId,
    /// Time of the event, UTC milliseconds.
    pub at: i64,
    /// The actor.
    pub actor: String,
    /// The action.
    pub action: String,
    /// The id of the subject.
    pub subject: String,
    /// The reason, or facts as JSON.
    pub detail: String,
    /// A salted hash of the personal fields. Erasing the fields leaves the tree intact.
    pub personal: Option<Hash>,
}

impl AuditEntry {
    /// The encoded entry, which the leaf hash covers.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(&Value::Array(vec![
            "keystead/audit/v1".into(),
            self.id.as_bytes().as_slice().into(),
            self.at.into(),
            self.actor.as_str().into(),
            self.action.as_str().into(),
            self.subject.as_str().into(),
            self.detail.as_str().into(),
            self.personal.as_ref().map_or(Value::Null, |hash| hash.as_slice().into()),
        ]))
    }

    /// The leaf hash.
    pub fn leaf(&self) -> Hash {
        leaf_hash(&self.encode())
    }
}
