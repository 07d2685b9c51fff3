use serde::{Deserialize, Serialize};

use super::DeviceDescription;
use crate::id::{ActivationId, LicenseId};

/// What can be confirmed without a network: the key that confirmations are checked with, and what they grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfflineTerms {
    /// The public key's 96 bytes, base64url.
    pub key: String,
    /// The table; a confirmation grants one row of it. Rows are only ever added.
    pub rows: Vec<OfflineRow>,
}

/// What a confirmation may grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfflineRow {
    /// The edition's short name.
    pub edition: String,
    /// Its features, sorted.
    pub features: Vec<String>,
    /// For how many days.
    pub days: u32,
}

/// Asks to confirm an installation that has no network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    /// The license whose seat it takes.
    pub license: LicenseId,
    /// What the device shows, in any typed form.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub installation_id: String,
    /// The name that the device gets.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub device_name: String,
    /// Why the vendor does it, for the audit log; the owner needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: Option<String>,
}

/// A confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfflineConfirmation {
    /// The activation.
    pub activation: ActivationId,
    /// The lines to be typed on the device: four, or one for a device whose certificate has served its time.
    pub lines: Vec<String>,
    /// For how many days it serves.
    pub days: u32,
}

/// Proves that an installation without a network gave its seat back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProveReleaseRequest {
    /// What the device showed when it was activated, and shows again.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub installation_id: String,
    /// The code that it shows now.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub code: String,
}

/// An installation is online for the first time and opens what it was committed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {
    /// What it showed.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub installation_id: String,
    /// The nonce of the commitment, 16 hexadecimal digits.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{16}$"))]
    pub nonce: String,
    /// The device, with the key and the hardware that it was committed to.
    pub device: DeviceDescription,
}

/// The file that a device without a network has saved, carried here by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FileRequest {
    /// The file's text.
    #[cfg_attr(feature = "openapi", schema(max_length = 8192))]
    pub request: String,
    /// The license whose seat the device takes; not needed to give one back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseId>,
    /// Why the vendor does it, for the audit log; the owner needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: Option<String>,
}

/// What became of a device's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileAnswer {
    /// The activation.
    pub activation: ActivationId,
    /// The text of the license file to be carried back; none where the device gave its seat back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}
