//! Keyed digests, for values too short or too personal for a plain hash. Only this server can compute them.

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_storage::Digest;
use sha2::Sha256;

use crate::keys::Keys;

/// Purpose of a digest. Each purpose has its own key, derived from the server's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Recovery codes.
    RecoveryCode,
    /// Targets of failed attempts.
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

/// The digest of `parts` with the newest server key.
pub fn keyed_digest(keys: &Keys, purpose: Purpose, parts: &[&[u8]]) -> Digest {
    digest(&keys.nonce(), purpose, parts)
}

/// The possible digests of `parts`, one per server key. The newest key comes first.
pub fn keyed_digests(keys: &Keys, purpose: Purpose, parts: &[&[u8]]) -> Vec<Digest> {
    keys.nonces().iter().map(|key| digest(key, purpose, parts)).collect()
}

/// Computes a digest. Each part is preceded by its length, so different lists have different digests.
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
