//! Values that decide the activation state. A MAC authenticates each value, with a key derived from
//! the device key. An edit without the device key makes the value invalid. The copy with the
//! highest revision counts, so restoring one older copy has no effect.

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_protocol::device_key::DeviceSigner as _;
use keystead_protocol::text::{from_base64url, to_base64url, to_hex};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;

use crate::device_key::DeviceKey;

const PURPOSE: &[u8] = b"keystead sealed value v1";

/// The content of a sealed file.
#[derive(Serialize, Deserialize)]
pub(crate) struct SealedValue {
    /// Grows with each write.
    pub(crate) revision: u64,
    /// The device key's id, hexadecimal.
    pub(crate) key: String,
    /// `null` marks a deleted value.
    pub(crate) value: Value,
    /// HMAC-SHA256, base64url.
    mac: String,
}

impl SealedValue {
    /// Seals `value` for the file `name`.
    pub(crate) fn seal(name: &str, revision: u64, value: Value, key: &DeviceKey) -> Self {
        let mac = to_base64url(&mac(name, revision, &value, key).finalize().into_bytes());
        Self { revision, key: to_hex(&key.public_key().id().0), value, mac }
    }

    /// Whether `key` sealed this value for the file `name`.
    pub(crate) fn is_sealed_by(&self, name: &str, key: &DeviceKey) -> bool {
        let stored = from_base64url(&self.mac).unwrap_or_default();
        mac(name, self.revision, &self.value, key).verify_slice(&stored).is_ok()
    }
}

#[allow(clippy::expect_used)]
fn hmac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes any key length")
}

fn mac(name: &str, revision: u64, value: &Value, key: &DeviceKey) -> Hmac<Sha256> {
    let derived = hmac(key.to_text().as_bytes()).chain_update(PURPOSE).finalize().into_bytes();
    hmac(&derived).chain_update(format!("{name}\n{revision}\n{value}"))
}
