use serde::{Deserialize, Serialize};

use crate::id::{ActivationId, LicenseId};

/// Whether a license may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LicenseStatusName {
    /// It may.
    Active,
    /// Not until the vendor resumes it.
    Suspended,
    /// Not until it is renewed.
    Expired,
    /// Never again.
    Revoked,
}

/// A license as its owner or the vendor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LicenseView {
    /// The license.
    pub id: LicenseId,
    /// The product's short name.
    pub product: String,
    /// The product's name.
    pub product_name: String,
    /// The edition's name.
    pub edition: String,
    /// Whether it may be used.
    pub status: LicenseStatusName,
    /// Whether it is linked to an account.
    pub linked: bool,
    /// The last group of its product key.
    pub key_last_group: String,
    /// Seats in all.
    pub seats: u32,
    /// Seats in use.
    pub seats_used: u32,
    /// When it ends; absent is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// When it was first activated.
    pub claimed_at: i64,
    /// How often it may still be moved to changed hardware in the current window.
    pub rebinds_left: u32,
    /// How often new device keys may still join the seat of their machine in the current window.
    pub reinstalls_left: u32,
}

/// The disclosure that a customer agrees to before linking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkingConsent {
    /// Which version of the text was shown.
    pub version: u32,
    /// Whether it was agreed to.
    pub agreed: bool,
}

/// Links a license to the signed-in account, on the word of an activated device or of the product key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// The activation whose device signed this request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation: Option<ActivationId>,
    /// Or the product key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub product_key: Option<String>,
    /// The consent to linking.
    pub consent: LinkingConsent,
}

/// What is stored when a license is linked, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkingDisclosure {
    /// The text's version, to be sent with the consent.
    pub version: u32,
    /// The text, a paragraph an entry.
    pub paragraphs: Vec<String>,
}

/// A license and the product key that claims it from now on. The key is shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewKey {
    /// The license.
    pub license: LicenseId,
    /// The new product key.
    pub product_key: String,
}

/// Why the vendor does something to a license.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// For the audit log, 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: String,
}
