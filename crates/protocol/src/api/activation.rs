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
    /// `Ed25519`, or `ESP256` for a key in a TPM (RFC 9864).
    #[cfg_attr(feature = "openapi", schema(pattern = "^(Ed25519|ESP256)$"))]
    pub alg: String,
    /// The public key, base64url: 32 bytes for Ed25519, 33 bytes (a compressed P-256 point, SEC 1, section 2.3.3) for
    /// ESP256.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{43,44}$"))]
    pub pk: String,
}

impl From<DevicePublicKey> for DeviceKey {
    fn from(key: DevicePublicKey) -> Self {
        Self { alg: key.algorithm().to_owned(), pk: to_base64url(key.as_bytes()) }
    }
}

impl DeviceKey {
    /// Decodes the key. Returns `None` if `pk` is not a valid public key for `alg`.
    pub fn read(&self) -> Option<DevicePublicKey> {
        let key = DevicePublicKey::from_bytes(&from_base64url(&self.pk)?)?;
        (key.algorithm() == self.alg).then_some(key)
    }
}

/// A device's description of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceDescription {
    /// The device's public key.
    pub key: DeviceKey,
    /// The device's name, chosen by the user.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// Operating system and version.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub platform: String,
    /// The device's hardware fingerprint.
    #[serde(flatten)]
    pub fingerprint: Fingerprint,
}

/// Requests an activation: with a product key, or without one as the signed-in owner of a license.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ActivateRequest {
    /// The product's short name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub product: String,
    /// The product key. Separators and letter case do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub product_key: Option<String>,
    /// The license to use, if no product key is given. By default, the license that the device already uses, or else
    /// the account's first license with a free seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseId>,
    /// The device.
    pub device: DeviceDescription,
    /// The application's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub app_version: Option<String>,
}

/// An issued certificate and the data that the device stores with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activated {
    /// The activation's id.
    pub activation: ActivationId,
    /// The license's id.
    pub license: LicenseId,
    /// The device's id.
    pub device: DeviceId,
    /// The activation state.
    pub state: State,
    /// The certificate, base64url.
    pub token: String,
    /// Root-signed statements about the keys that sign certificates, base64url.
    pub keys: Vec<String>,
    /// The ratchet value, 16 bytes, base64url. The device sends it with its next refresh.
    pub ratchet: String,
    /// The activation's offline secret, 32 bytes, base64url. It authenticates a lease extension without a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline_secret: Option<String>,
}

/// The pair of ratchet values that a refresh sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ratchet {
    /// The value from the last response, 16 bytes, base64url.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{22}$"))]
    pub r: String,
    /// 16 random bytes, base64url. The device stores them before it sends the request.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{22}$"))]
    pub x: String,
}

/// Requests a new certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The ratchet values.
    pub ratchet: Ratchet,
    /// The current hardware fingerprint.
    pub fingerprint: Fingerprint,
}

/// The device gets no new certificate until the owner decides. Its hardware changed too much, or copies of its
/// activation were detected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnerNeeded {
    /// The state, `hardware_changed` or `forked`.
    pub state: State,
    /// Which hardware components changed and which still match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// End of the grace period after the hardware change, UTC milliseconds. The product works until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_until: Option<i64>,
}

/// Moves an activation to the hardware of the device that sends this request. The owner confirms that it is the same
/// device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RebindRequest {
    /// The device's current description.
    pub device: DeviceDescription,
    /// The confirmation: the literal `this_is_that_device`.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub confirm: String,
}

/// An activation, as shown to its device, its owner or the vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivationView {
    /// The activation's id.
    pub id: ActivationId,
    /// The license's id.
    pub license: LicenseId,
    /// The device's id.
    pub device: DeviceId,
    /// The product's short name.
    pub product: String,
    /// The product's name.
    pub product_name: String,
    /// The activation state.
    pub state: State,
    /// The state in one sentence.
    pub sentence: String,
    /// The code of the problem, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What to do next, if there is a problem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_action: Option<String>,
    /// Time of the first activation.
    pub activated_at: i64,
    /// Time of the last refresh.
    pub refreshed_at: i64,
    /// The product works without a refresh until this time: the end of the grace period after the lease, or the end of
    /// an offline extension.
    pub lease_until: i64,
}

/// An activation with details of its license.
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
    /// Total number of seats.
    pub seats: u32,
    /// Number of used seats.
    pub seats_used: u32,
    /// Expiry of the license; absent if it never expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_expires_at: Option<i64>,
}
