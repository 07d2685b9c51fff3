//! Nonces for device proofs. A nonce contains its time and a MAC, so every node can verify it without a
//! query. The nonce is stored together with the response, which detects its reuse.

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_domain::Millis;
use keystead_protocol::proof::NONCE_LIFETIME_MS;
use keystead_protocol::text::{array_from_base64url, to_base64url};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::entropy;

/// Creates a nonce.
pub fn fresh(key: &[u8; 32], now: Millis) -> String {
    let mut bytes = [0; 24];
    bytes[..8].copy_from_slice(&now.to_be_bytes());
    bytes[8..16].copy_from_slice(&entropy::bytes::<8>());
    let tag = tag(key, &bytes[..16]);
    bytes[16..].copy_from_slice(&tag);
    to_base64url(&bytes)
}

/// Whether `nonce` was made with one of `keys` and has not expired.
pub fn is_fresh(keys: &[[u8; 32]], nonce: &str, now: Millis) -> bool {
    let Some(bytes) = array_from_base64url::<24>(nonce) else { return false };
    let authentic = keys.iter().any(|key| tag(key, &bytes[..16]).ct_eq(&bytes[16..]).into());
    let made_at = Millis::from_be_bytes(bytes[..8].try_into().unwrap_or_default());
    authentic && (made_at - 5_000..=made_at + NONCE_LIFETIME_MS).contains(&now)
}

fn tag(key: &[u8; 32], head: &[u8]) -> [u8; 8] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key length");
    mac.update(b"keystead/nonce/v1\0");
    mac.update(head);
    mac.finalize().into_bytes()[..8].try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_known_for_two_minutes_and_cannot_be_made_up() {
        let nonce = fresh(&[1; 32], 1_000_000);
        assert!(is_fresh(&[[2; 32], [1; 32]], &nonce, 1_000_000 + NONCE_LIFETIME_MS));
        assert!(!is_fresh(&[[2; 32], [1; 32]], &nonce, 1_000_001 + NONCE_LIFETIME_MS));
        assert!(!is_fresh(&[[2; 32]], &nonce, 1_000_000));
        assert!(!is_fresh(&[[2; 32], [1; 32]], "", 1_000_000));
    }
}
