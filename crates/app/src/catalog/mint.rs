//! Generates product keys.

use keystead_protocol::ProductKey;
use keystead_protocol::id::KeyBatchId;
use keystead_storage::{ProductKeyStatus, StoredKey};

use crate::context::Shared;
use crate::entropy;

/// Generates random product keys until `mint` accepts one.
pub fn product_key(app: &Shared, product_code: u16) -> ProductKey {
    loop {
        let random = u64::from_be_bytes(entropy::bytes());
        if let Some(key) = app.keys.mint(product_code, random) {
            return key;
        }
    }
}

/// The row that stores a key.
pub fn stored(app: &Shared, key: ProductKey, batch: KeyBatchId, status: ProductKeyStatus) -> StoredKey {
    StoredKey { index: app.keys.index(key), batch, last_group: key.last_group(), status }
}
