//! Values that a state follows from, sealed with a key that is derived from the device key: whoever edits one without that key makes it
//! void. Of several copies the one with the highest revision counts, so that an older copy, or none, in one place changes nothing.

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_protocol::device_key::DeviceSigner as _;
use keystead_protocol::text::{from_base64url, to_base64url, to_hex};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;

use crate::device_key::DeviceKey;

const PURPOSE: &[u8] = b"keystead sealed value v1";

/// A value as a file has it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sealed {
    /// Grows with each write.
    pub(crate) revision: u64,
    /// The id of the device key, hexadecimal.
    pub(crate) key: String,
    /// `null` where the value was removed.
    pub(crate) value: Value,
    /// HMAC-SHA256, base64url.
    mac: String,
}

impl Sealed {
    /// Seals `value` for the file `name`.
    pub(crate) fn new(name: &str, revision: u64, value: Value, key: &DeviceKey) -> Self {
        let mac = to_base64url(&mac(name, revision, &value, key).finalize().into_bytes());
        Self { revision, key: to_hex(&key.public_key().id().0), value, mac }
    }

    /// Whether `key` sealed exactly this for the file `name`.
    pub(crate) fn is_sealed_by(&self, name: &str, key: &DeviceKey) -> bool {
        let shown = from_base64url(&self.mac).unwrap_or_default();
        mac(name, self.revision, &self.value, key).verify_slice(&shown).is_ok()
    }
}

#[allow(clippy::expect_used)]
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes any key length")
}

fn mac(name: &str, revision: u64, value: &Value, key: &DeviceKey) -> Hmac<Sha256> {
    let derived = keyed(key.to_text().as_bytes()).chain_update(PURPOSE).finalize().into_bytes();
    keyed(&derived).chain_update(format!("{name}\n{revision}\n{value}"))
}
