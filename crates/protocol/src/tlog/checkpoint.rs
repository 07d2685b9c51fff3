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
    /// The log's key did not sign it.
    #[error("the log's key did not sign it")]
    Signature,
}

/// Signs a tree head.
pub fn sign(origin: &str, head: &TreeHead, key: &SigningKey) -> String {
    let body = format!("{origin}\n{}\n{}\n", head.size, to_base64(&head.root));
    let mut signed = key_id(origin, &key.verifying_key()).to_vec();
    signed.extend(key.sign(body.as_bytes()).to_bytes());
    format!("{body}\n— {origin} {}\n", to_base64(&signed))
}

/// Verifies a checkpoint signed by `key` and returns its tree head. Signatures of other keys are ignored, because
/// witnesses may add theirs.
///
/// # Errors
/// When the checkpoint belongs to another log or lacks a signature by `key`.
pub fn verify(note: &str, origin: &str, key: &VerifyingKey) -> Result<TreeHead, CheckpointError> {
    let (body, signatures) = note.split_once("\n\n").ok_or(CheckpointError::Malformed)?;
    let head = read(body, origin)?;
    let message = format!("{body}\n");
    let start = format!("— {origin} ");
    let is_signed = signatures.lines().filter_map(|line| line.strip_prefix(&start)).any(|signed| {
        let signature = from_base64(signed);
        let signature = signature.as_deref().and_then(|bytes| bytes.strip_prefix(&key_id(origin, key)));
        signature
            .and_then(|bytes| Signature::from_slice(bytes).ok())
            .is_some_and(|signature| key.verify_strict(message.as_bytes(), &signature).is_ok())
    });
    if is_signed { Ok(head) } else { Err(CheckpointError::Signature) }
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

/// The log's public key as a signed-note verifier key: `name+id+key`.
pub fn verifier_key(origin: &str, key: &VerifyingKey) -> String {
    let public = [&[ED25519], key.as_bytes().as_slice()].concat();
    format!("{origin}+{}+{}", to_hex(&key_id(origin, key)), to_base64(&public))
}

fn key_id(origin: &str, key: &VerifyingKey) -> [u8; 4] {
    let digest = Sha256::new_with_prefix(origin)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}
