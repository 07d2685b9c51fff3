use serde::{Deserialize, Serialize};

use super::DeviceDescription;
use crate::id::{ActivationId, LicenseId};

/// The terms of offline confirmations: the key that verifies confirmations, and the grants that a confirmation can
/// refer to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfflineTerms {
    /// The public key, 96 bytes, base64url.
    pub key: String,
    /// The table of grants. A confirmation refers to one row. New rows are appended, and existing rows never change.
    pub rows: Vec<OfflineRow>,
}

/// One row of the table of grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfflineRow {
    /// The edition's short name.
    pub edition: String,
    /// The edition's features, sorted.
    pub features: Vec<String>,
    /// Length of the grant, days.
    pub days: u32,
}

/// Requests a confirmation for an installation without a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    /// The license that provides the seat.
    pub license: LicenseId,
    /// The Installation ID that the device shows. Separators and letter case do not matter.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub installation_id: String,
    /// The device's name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub device_name: String,
    /// The vendor's reason, for the audit log. Omitted by the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: Option<String>,
}

/// A confirmation for an installation without a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfflineConfirmation {
    /// The activation's id.
    pub activation: ActivationId,
    /// The lines to type on the device: four for a new confirmation, one for a lease extension.
    pub lines: Vec<String>,
    /// Length of the grant, days.
    pub days: u32,
}

/// Proves that an offline installation has released its seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProveReleaseRequest {
    /// The Installation ID that the device showed when it was activated. The device shows the same ID again on
    /// release.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub installation_id: String,
    /// The release code that the device shows.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub code: String,
}

/// Reveals the values behind an Installation ID. An offline installation sends them at its first online contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {
    /// The Installation ID.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub installation_id: String,
    /// The nonce that the Installation ID commits to, 16 hexadecimal digits.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{16}$"))]
    pub nonce: String,
    /// The device, with the key and the hardware fingerprint that the Installation ID commits to.
    pub device: DeviceDescription,
}

/// A request file of an offline device. The owner or the vendor uploads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FileRequest {
    /// The content of the file.
    #[cfg_attr(feature = "openapi", schema(max_length = 8192))]
    pub request: String,
    /// The license that provides the seat. Omitted to release a seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseId>,
    /// The vendor's reason, for the audit log. Omitted by the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: Option<String>,
}

/// The response to a device's request file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileAnswer {
    /// The activation's id.
    pub activation: ActivationId,
    /// The content of the license file for the device; absent if the request released the seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}
