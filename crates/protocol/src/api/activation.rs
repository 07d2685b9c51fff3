use serde::{Deserialize, Serialize};

use crate::device_key::DevicePublicKey;
use crate::fingerprint::{Comparison, Fingerprint};
use crate::id::{ActivationId, DeviceId, LicenseId};
use crate::state::State;
use crate::text::{from_base64url, to_base64url};

/// A device's public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeviceKey {
    /// `Ed25519`, or `ESP256` for a key that a TPM keeps (RFC 9864).
    #[cfg_attr(feature = "openapi", schema(pattern = "^(Ed25519|ESP256)$"))]
    pub alg: String,
    /// The key's bytes, base64url: 32 of Ed25519, 33 of a compressed P-256 point (SEC 1, section 2.3.3).
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{43,44}$"))]
    pub pk: String,
}

impl From<DevicePublicKey> for DeviceKey {
    fn from(key: DevicePublicKey) -> Self {
        Self { alg: key.algorithm().to_owned(), pk: to_base64url(key.as_bytes()) }
    }
}

impl DeviceKey {
    /// The key; `None` where its bytes are not those of a key of that algorithm.
    pub fn read(&self) -> Option<DevicePublicKey> {
        let key = DevicePublicKey::from_bytes(&from_base64url(&self.pk)?)?;
        (key.algorithm() == self.alg).then_some(key)
    }
}

/// A device as it describes itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceDescription {
    /// Its key.
    pub key: DeviceKey,
    /// The name its user knows it by.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// Operating system and version.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub platform: String,
    /// Its hardware.
    #[serde(flatten)]
    pub fingerprint: Fingerprint,
}

/// Asks for an activation, by product key or, without one, by the signed-in owner.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ActivateRequest {
    /// The product's short name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub product: String,
    /// The product key, in any typed form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub product_key: Option<String>,
    /// Which of the owner's licenses to use; the first with a free seat if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseId>,
    /// The device.
    pub device: DeviceDescription,
    /// The application's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub app_version: Option<String>,
}

/// A certificate and what goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activated {
    /// The activation.
    pub activation: ActivationId,
    /// The license.
    pub license: LicenseId,
    /// The device.
    pub device: DeviceId,
    /// The state.
    pub state: State,
    /// The certificate, base64url.
    pub token: String,
    /// Root-signed statements of the keys that certificates are signed with, base64url.
    pub keys: Vec<String>,
    /// The ratchet's 16 bytes, base64url, to be shown at the next refresh.
    pub ratchet: String,
    /// A secret of this activation's, 32 bytes as base64url, by which its term can be prolonged without a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline_secret: Option<String>,
}

/// The two halves of the refresh ratchet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ratchet {
    /// The 16 bytes last received, base64url.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{22}$"))]
    pub r: String,
    /// 16 random bytes that the device stored before sending, base64url.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{22}$"))]
    pub x: String,
}

/// Asks for a fresh certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The ratchet.
    pub ratchet: Ratchet,
    /// The hardware as it is now.
    pub fingerprint: Fingerprint,
}

/// A device gets no fresh certificate until its owner decides: its hardware changed too much, or two copies are in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnerNeeded {
    /// The state, `hardware_changed` or `forked`.
    pub state: State,
    /// What changed of the hardware and what still matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// Until when the product goes on working with changed hardware, UTC milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_until: Option<i64>,
}

/// Moves an activation to the device that sends this, which its owner says is the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RebindRequest {
    /// The device as it is now.
    pub device: DeviceDescription,
    /// `this_is_that_device`.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub confirm: String,
}

/// An activation as its device, its owner or the vendor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivationView {
    /// The activation.
    pub id: ActivationId,
    /// The license.
    pub license: LicenseId,
    /// The device.
    pub device: DeviceId,
    /// The product's short name.
    pub product: String,
    /// The product's name.
    pub product_name: String,
    /// The state.
    pub state: State,
    /// The state in one sentence.
    pub sentence: String,
    /// Why not, if something is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What to do next, if something is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_action: Option<String>,
    /// When it was first activated.
    pub activated_at: i64,
    /// When it was last refreshed.
    pub refreshed_at: i64,
    /// Until when its certificate serves without a refresh.
    pub lease_until: i64,
}

/// One activation with what its user wants to know of its license.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivationDetails {
    /// The activation.
    #[serde(flatten)]
    pub activation: ActivationView,
    /// The edition's name.
    pub edition: String,
    /// The last group of the license's product key.
    pub key_last_group: String,
    /// Seats in all.
    pub seats: u32,
    /// Seats in use.
    pub seats_used: u32,
    /// When the license ends; absent is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_expires_at: Option<i64>,
}
