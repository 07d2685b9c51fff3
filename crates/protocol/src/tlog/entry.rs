//! The bytes that a leaf hash covers: a CBOR array (RFC 8949, deterministic encoding) of a version and every field, so
//! that no two entries share an encoding.

use ciborium::Value;
use sha2::{Digest as _, Sha256};

use super::merkle::{Hash, leaf_hash};
use crate::certificate::cbor;
use crate::id::{ActivationId, AuditEventId};

/// What the hash of an issued certificate is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers {
    /// The certificate's claims, as they are signed.
    Claims,
    /// The whole certificate with its signature: entries from before the log was a tree.
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

    /// The variant of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Covers::Claims, Covers::Token].into_iter().find(|covers| covers.name() == name)
    }
}

/// An entry of the issue log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueEntry {
    /// The certificate's id, a UUIDv7.
    pub token_id: [u8; 16],
    /// What `hash` is over.
    pub covers: Covers,
    /// SHA-256 of the claims or the certificate.
    pub hash: Hash,
    /// The activation that it was issued for.
    pub activation: ActivationId,
    /// Who asked for it.
    pub actor: String,
    /// Why it was issued.
    pub reason: String,
    /// When it was issued, in UTC milliseconds.
    pub issued_at: i64,
}

impl IssueEntry {
    /// The bytes under the leaf hash.
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

    /// Whether the entry is of the certificate with these bytes, of which `claims` are signed.
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
    /// When it happened, in UTC milliseconds.
    pub at: i64,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// The id of what it was done to.
    pub subject: String,
    /// The reason, or facts as JSON.
    pub detail: String,
    /// A salted hash of the personal fields, which can be erased without a trace in the tree.
    pub personal: Option<Hash>,
}

impl AuditEntry {
    /// The bytes under the leaf hash.
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
