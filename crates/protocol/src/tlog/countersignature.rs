//! The root's signatures on checkpoints, in the form of C2SP tlog-cosignature (Ed25519). The signature line follows
//! the line of the log's key, under the name `keystead/<issuer>/root`.
//!
//! The signed text begins with `cosignature/v1`. Everything else that the root signs is a COSE structure in CBOR, so
//! a signature of one kind is never valid as the other.

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use super::checkpoint::{CheckpointError, Note, is_signature, key_id, signature_line, verifier_key_of_type};
use super::{Log, TreeHead};

/// The signature type of timestamped Ed25519 cosignatures.
const COSIGNATURE: u8 = 4;

/// Adds the root's signature to a checkpoint of a log. `signed_at` is in Unix seconds. The caller must verify the
/// log's signature first.
///
/// # Errors
/// If the text is not a checkpoint of this log.
pub fn sign(
    checkpoint: &str,
    log: Log,
    issuer: &str,
    root: &SigningKey,
    signed_at: u64,
) -> Result<String, CheckpointError> {
    let note = Note::parse(checkpoint, &log.origin(issuer))?;
    if !checkpoint.ends_with('\n') {
        return Err(CheckpointError::Malformed);
    }
    let signature = root.sign(message(&note, signed_at).as_bytes()).to_bytes();
    let signature = [&signed_at.to_be_bytes()[..], &signature].concat();
    let name = key_name(issuer);
    let line = signature_line(&name, key_id(&name, COSIGNATURE, &root.verifying_key()), &signature);
    Ok(format!("{checkpoint}{line}"))
}

/// Verifies that `root` countersigned a checkpoint, and returns its tree head.
///
/// # Errors
/// If the checkpoint belongs to another log or lacks a signature by `root`.
pub fn verify(
    checkpoint: &str,
    log: Log,
    issuer: &str,
    root: &VerifyingKey,
) -> Result<TreeHead, CheckpointError> {
    let note = Note::parse(checkpoint, &log.origin(issuer))?;
    let name = key_name(issuer);
    let is_signed = note.signatures(&name, key_id(&name, COSIGNATURE, root)).any(|timed| {
        let Some((signed_at, signature)) = timed.split_first_chunk() else { return false };
        is_signature(signature, &message(&note, u64::from_be_bytes(*signed_at)), root)
    });
    if is_signed { Ok(note.head) } else { Err(CheckpointError::Signature) }
}

/// The root's public key as a signed-note verifier key: `name+id+key`.
pub fn verifier_key(issuer: &str, root: &VerifyingKey) -> String {
    verifier_key_of_type(&key_name(issuer), COSIGNATURE, root)
}

fn key_name(issuer: &str) -> String {
    format!("keystead/{issuer}/root")
}

fn message(note: &Note<'_>, signed_at: u64) -> String {
    format!("cosignature/v1\ntime {signed_at}\n{}", note.body)
}
