//! The stored state of activations without a network.

use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::fingerprint::Fingerprint;
use keystead_protocol::offline::{Confirmation, Grant};
use keystead_protocol::text::{array_from_base64url, from_base64url};
use serde::{Deserialize, Serialize};

use crate::clock::TimeFloor;

/// Maximum number of stored release proofs.
const MAX_RELEASE_PROOFS: usize = 10;

/// The offline activation of a product.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct OfflineRecord {
    /// The values behind the displayed or confirmed Installation ID.
    #[serde(default)]
    pub(crate) request: Option<InstallationRequest>,
    #[serde(default)]
    pub(crate) confirmed: Option<OfflineConfirmation>,
    /// Proofs of released seats, newest last.
    #[serde(default)]
    pub(crate) released: Vec<ReleaseProof>,
    /// Id of the newest request file, until its license file is opened.
    #[serde(default)]
    pub(crate) pending_request: Option<String>,
    /// Text of the release file, which can be saved again until the next activation.
    #[serde(default)]
    pub(crate) release_file: Option<String>,
}

/// The values that an Installation ID commits to, in addition to the product.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct InstallationRequest {
    pub(crate) nonce: u64,
    pub(crate) fingerprint: Fingerprint,
    /// The device's public key, base64url.
    pub(crate) key: String,
}

/// A verified confirmation.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct OfflineConfirmation {
    /// The confirmation's bytes, base64url.
    pub(crate) confirmation: String,
    pub(crate) grant: Grant,
    /// When the confirmation was typed, Unix seconds.
    pub(crate) since: i64,
    /// The time floor of the confirmation.
    pub(crate) floor: TimeFloor,
    /// The name of the server's last lasting refusal.
    #[serde(default)]
    pub(crate) verdict: Option<String>,
    /// When to contact the server next, Unix seconds.
    pub(crate) next_try: i64,
}

/// Proves that an offline seat was released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseProof {
    /// The Installation ID of the released seat.
    pub installation_id: String,
    /// The release code.
    pub code: String,
}

impl OfflineRecord {
    pub(crate) fn is_confirmed(&self) -> bool {
        self.confirmed.is_some()
    }

    pub(crate) fn is_released(&self) -> bool {
        self.request.is_none() && (!self.released.is_empty() || self.release_file.is_some())
    }

    /// Stores the id of a new request file.
    pub(crate) fn with_pending_request(self, id: String) -> Self {
        Self { pending_request: Some(id), ..self }
    }

    /// Stores the text of the release file.
    pub(crate) fn with_release_file(self, text: String) -> Self {
        Self { release_file: Some(text), ..self }
    }

    /// Discards everything except the release proofs.
    pub(crate) fn reset(self) -> Self {
        Self { released: self.released, ..Self::default() }
    }

    /// Discards the confirmation and stores its release proof.
    pub(crate) fn release(mut self, proof: ReleaseProof) -> Self {
        self.released.push(proof);
        let surplus = self.released.len().saturating_sub(MAX_RELEASE_PROOFS);
        self.released.drain(..surplus);
        self.reset()
    }
}

impl InstallationRequest {
    pub(crate) fn public_key(&self) -> Option<DevicePublicKey> {
        DevicePublicKey::from_bytes(&from_base64url(&self.key)?)
    }
}

impl OfflineConfirmation {
    pub(crate) fn decode(&self) -> Option<Confirmation> {
        Some(Confirmation::from_bytes(array_from_base64url(&self.confirmation)?))
    }
}
