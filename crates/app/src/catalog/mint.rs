//! Drawing product keys.

use keystead_protocol::ProductKey;
use keystead_protocol::id::KeyBatchId;
use keystead_storage::{KeyStanding, StoredKey};

use crate::context::Shared;
use crate::entropy;

/// A fresh product key; draws again until it can be printed.
pub fn product_key(app: &Shared, product_code: u16) -> ProductKey {
    loop {
        let random = u64::from_be_bytes(entropy::bytes());
        if let Some(key) = app.keys.mint(product_code, random) {
            return key;
        }
    }
}

/// How a key is stored.
pub fn stored(app: &Shared, key: ProductKey, batch: KeyBatchId, standing: KeyStanding) -> StoredKey {
    StoredKey { index: app.keys.index(key), batch, last_group: key.last_group(), standing }
}
