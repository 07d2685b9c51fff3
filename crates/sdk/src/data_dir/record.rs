//! The records in the data folder, except offline activations.

use keystead_protocol::fingerprint::Tag;
use keystead_protocol::id::{ActivationId, LicenseId};
use serde::{Deserialize, Serialize};

use crate::clock::TimeFloor;

/// A stored activation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ActivationRecord {
    pub(crate) activation: ActivationId,
    pub(crate) license: LicenseId,
    /// The certificate, base64url.
    pub(crate) token: String,
    /// The root-signed keys that verify the certificate, base64url.
    pub(crate) keys: Vec<String>,
    pub(crate) ratchet: String,
    /// The random value of the next refresh request, stored before the request is sent.
    #[serde(default)]
    pub(crate) pending: Option<String>,
    /// The name of the server's last lasting refusal.
    #[serde(default)]
    pub(crate) verdict: Option<String>,
    /// End of the grace period after a hardware change, UTC milliseconds.
    #[serde(default)]
    pub(crate) grace_until: Option<i64>,
    /// The secret that verifies the confirmation line of a lease extension.
    #[serde(default)]
    pub(crate) offline_secret: Option<String>,
    /// The lease extension since the certificate was issued.
    #[serde(default)]
    pub(crate) extension: Option<LeaseExtension>,
    /// The source of the activation: SHA-256 of the product key, base64url, or `sign-in:` and the sign-in's id.
    #[serde(default)]
    pub(crate) source: Option<String>,
}

impl ActivationRecord {
    /// A new activation, without a refusal or an extension.
    pub(crate) fn new(
        activation: ActivationId,
        license: LicenseId,
        token: String,
        keys: Vec<String>,
        ratchet: String,
    ) -> Self {
        Self {
            activation,
            license,
            token,
            keys,
            ratchet,
            pending: None,
            verdict: None,
            grace_until: None,
            offline_secret: None,
            extension: None,
            source: None,
        }
    }
}

/// A lease extension that was confirmed without a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LeaseExtension {
    /// Number of extensions since the certificate was issued.
    pub(crate) terms: u8,
    /// End of the extension, Unix seconds.
    pub(crate) until: i64,
    /// The time floor of the extension.
    pub(crate) floor: TimeFloor,
}

/// The tokens of a sign-in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignInTokens {
    /// Random id of the sign-in, base64url; renewed tokens keep it.
    #[serde(default)]
    pub(crate) id: String,
    /// The public device key that the tokens are bound to, base64url.
    pub(crate) key: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

/// The TPM's tag, cached for one boot.
#[derive(Serialize, Deserialize)]
pub(crate) struct TpmTagCache {
    /// The id of the boot. A tag from another boot may belong to another machine.
    pub(crate) boot: String,
    pub(crate) tag: Tag,
}
