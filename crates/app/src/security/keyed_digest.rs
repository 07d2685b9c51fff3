//! Digests that only this server can make, for what is too short or too personal to be stored under a plain one.

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_storage::Digest;
use sha2::Sha256;

use crate::keys::Keys;

/// What a digest is for; each purpose has a key of its own, derived from the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Recovery codes.
    RecoveryCode,
    /// Whom a failed attempt was aimed at.
    Attempt,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Purpose::RecoveryCode => b"keystead/recovery-code/v2\0",
            Purpose::Attempt => b"keystead/attempt/v1\0",
        }
    }
}

/// The digest of `parts`, with the newest of the server's keys.
pub fn keyed_digest(keys: &Keys, purpose: Purpose, parts: &[&[u8]]) -> Digest {
    digest(&keys.nonce(), purpose, parts)
}

/// The digests that `parts` may be stored under, with each of the server's keys, the newest first.
pub fn keyed_digests(keys: &Keys, purpose: Purpose, parts: &[&[u8]]) -> Vec<Digest> {
    keys.nonces().iter().map(|key| digest(key, purpose, parts)).collect()
}

/// Each part has its length before it, so that no two lists have the same digest.
fn digest(key: &[u8; 32], purpose: Purpose, parts: &[&[u8]]) -> Digest {
    let key = hmac(key, &[purpose.label()]);
    let lengths: Vec<[u8; 8]> = parts.iter().map(|part| (part.len() as u64).to_be_bytes()).collect();
    let framed: Vec<&[u8]> =
        lengths.iter().zip(parts).flat_map(|(length, part)| [&length[..], part]).collect();
    hmac(&key, &framed)
}

fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> Digest {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key length");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
