use ed25519_dalek::SigningKey;
use keystead_protocol::text::from_hex;
use serde_json::Value;

pub fn vectors(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

pub fn hex<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

pub fn bytes(value: &Value) -> Vec<u8> {
    from_hex(value.as_str().unwrap()).unwrap()
}

pub fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}
