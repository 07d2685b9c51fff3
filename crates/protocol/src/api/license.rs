use serde::{Deserialize, Serialize};

use crate::id::{ActivationId, LicenseId};

/// The status of a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LicenseStatusName {
    /// The license can be used.
    Active,
    /// Blocked until the vendor resumes it.
    Suspended,
    /// Blocked until the license is renewed.
    Expired,
    /// Blocked permanently.
    Revoked,
}

/// A license, as shown to its owner or the vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LicenseView {
    /// The license's id.
    pub id: LicenseId,
    /// The product's short name.
    pub product: String,
    /// The product's name.
    pub product_name: String,
    /// The edition's name.
    pub edition: String,
    /// The status.
    pub status: LicenseStatusName,
    /// Whether the license is linked to an account.
    pub linked: bool,
    /// The last group of the product key.
    pub key_last_group: String,
    /// Total number of seats.
    pub seats: u32,
    /// Number of used seats.
    pub seats_used: u32,
    /// Expiry; absent if the license never expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Time of the first activation.
    pub claimed_at: i64,
    /// Remaining moves to changed hardware in the current window.
    pub rebinds_left: u32,
    /// Remaining reinstallations in the current window: new device keys on seats that their machines already use.
    pub reinstalls_left: u32,
}

/// The customer's consent to linking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkingConsent {
    /// Version of the disclosure that was shown.
    pub version: u32,
    /// Whether the customer agreed.
    pub agreed: bool,
}

/// Links a license to the signed-in account. An activated device or the product key proves possession of the license.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// The activation whose device signed this request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation: Option<ActivationId>,
    /// The product key, if no activation is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub product_key: Option<String>,
    /// The consent to linking.
    pub consent: LinkingConsent,
}

/// The text that a customer reads before linking a license: which data is stored, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkingDisclosure {
    /// Version of the text. The consent states the same version.
    pub version: u32,
    /// The text, one entry per paragraph.
    pub paragraphs: Vec<String>,
}

/// A license and its new product key. The key is shown only once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewKey {
    /// The license's id.
    pub license: LicenseId,
    /// The new product key.
    pub product_key: String,
}

/// The vendor's reason for changing a license.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The reason, for the audit log: 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: String,
}
