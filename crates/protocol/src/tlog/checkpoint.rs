//! Signed tree heads in the form of C2SP tlog-checkpoint, which is a C2SP signed-note with an Ed25519 signature:
//!
//! ```text
//! keystead/acme/issue
//! 182736
//! b7pR…=
//!
//! — keystead/acme/issue 4V0q…=
//! ```

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::TreeHead;
use crate::text::{from_base64, to_base64, to_hex};

/// The signature type of Ed25519 in signed notes.
const ED25519: u8 = 1;

/// Why a text is not a checkpoint of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text is not a checkpoint.
    #[error("it is not a checkpoint")]
    Malformed,
    /// The checkpoint belongs to another log.
    #[error("it is a checkpoint of another log")]
    Origin,
    /// The expected key did not sign it.
    #[error("the expected key did not sign it")]
    Signature,
}

/// Signs a tree head.
pub fn sign(origin: &str, head: &TreeHead, key: &SigningKey) -> String {
    let body = format!("{origin}\n{}\n{}\n", head.size, to_base64(&head.root));
    let id = key_id(origin, ED25519, &key.verifying_key());
    let line = signature_line(origin, id, &key.sign(body.as_bytes()).to_bytes());
    format!("{body}\n{line}")
}

/// Verifies a checkpoint signed by `key` and returns its tree head. Signatures of other keys are ignored, because
/// the root and witnesses may add theirs.
///
/// # Errors
/// If the checkpoint belongs to another log or lacks a signature by `key`.
pub fn verify(note: &str, origin: &str, key: &VerifyingKey) -> Result<TreeHead, CheckpointError> {
    let note = Note::parse(note, origin)?;
    let mut signatures = note.signatures(origin, key_id(origin, ED25519, key));
    let is_signed = signatures.any(|signature| is_signature(&signature, &note.body, key));
    if is_signed { Ok(note.head) } else { Err(CheckpointError::Signature) }
}

/// The tree head that a checkpoint of a log claims, without verifying a signature.
///
/// # Errors
/// If the text is not a checkpoint or belongs to another log.
pub fn claimed_head(note: &str, origin: &str) -> Result<TreeHead, CheckpointError> {
    Note::parse(note, origin).map(|note| note.head)
}

/// The log's public key as a signed-note verifier key: `name+id+key`.
pub fn verifier_key(origin: &str, key: &VerifyingKey) -> String {
    verifier_key_of_type(origin, ED25519, key)
}

/// A checkpoint whose signatures are not verified.
pub(super) struct Note<'a> {
    pub(super) head: TreeHead,
    /// The signed text, which ends in a newline.
    pub(super) body: String,
    signatures: &'a str,
}

impl<'a> Note<'a> {
    pub(super) fn parse(note: &'a str, origin: &str) -> Result<Self, CheckpointError> {
        let (body, signatures) = note.split_once("\n\n").ok_or(CheckpointError::Malformed)?;
        Ok(Self { head: read(body, origin)?, body: format!("{body}\n"), signatures })
    }

    /// The signatures under a key name and a key id.
    pub(super) fn signatures(&self, name: &str, id: [u8; 4]) -> impl Iterator<Item = Vec<u8>> {
        let start = format!("— {name} ");
        self.signatures.lines().filter_map(move |line| {
            let signed = from_base64(line.strip_prefix(&start)?)?;
            signed.strip_prefix(&id).map(<[u8]>::to_vec)
        })
    }
}

fn read(body: &str, origin: &str) -> Result<TreeHead, CheckpointError> {
    let [name, size, root] = body.split('\n').collect::<Vec<_>>()[..] else {
        return Err(CheckpointError::Malformed);
    };
    if name != origin {
        return Err(CheckpointError::Origin);
    }
    let root = from_base64(root).and_then(|bytes| bytes.try_into().ok());
    match (size.parse::<u64>(), root) {
        (Ok(number), Some(root)) if number.to_string() == size => Ok(TreeHead { size: number, root }),
        _ => Err(CheckpointError::Malformed),
    }
}

pub(super) fn is_signature(signature: &[u8], message: &str, key: &VerifyingKey) -> bool {
    Signature::from_slice(signature)
        .is_ok_and(|signature| key.verify_strict(message.as_bytes(), &signature).is_ok())
}

pub(super) fn signature_line(name: &str, id: [u8; 4], signature: &[u8]) -> String {
    format!("— {name} {}\n", to_base64(&[&id, signature].concat()))
}

/// A verifier key of a signature type.
pub(super) fn verifier_key_of_type(name: &str, signature_type: u8, key: &VerifyingKey) -> String {
    let public = [&[signature_type], key.as_bytes().as_slice()].concat();
    format!("{name}+{}+{}", to_hex(&key_id(name, signature_type, key)), to_base64(&public))
}

pub(super) fn key_id(name: &str, signature_type: u8, key: &VerifyingKey) -> [u8; 4] {
    let digest = Sha256::new_with_prefix(name)
        .chain_update([b'\n', signature_type])
        .chain_update(key.as_bytes())
        .finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}
