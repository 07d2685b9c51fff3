use serde::{Deserialize, Serialize};

use super::OfflineTerms;

/// What an application must know of its vendor: generated once, shipped inside the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppProfile {
    /// The server's address, without a trailing slash.
    pub server: String,
    /// The vendor's short name.
    pub issuer: String,
    /// The product's short name.
    pub product: String,
    /// The product's name.
    pub product_name: String,
    /// The number in the product's keys.
    pub product_code: u16,
    /// The vendor's root keys, base64url, one or two.
    pub roots: Vec<String>,
    /// The salt of this vendor's fingerprints, 32 bytes base64url.
    pub fingerprint_salt: String,
    /// What works without a license, sorted: the features of the edition whose short name is `limited`.
    #[serde(default)]
    pub limited_features: Vec<String>,
    /// What can be confirmed without a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline: Option<OfflineTerms>,
}

/// The server's signed time and its current keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeView {
    /// A `lic/time/v1` object over the nonce asked with, base64url.
    pub time: String,
    /// Root-signed statements of the issuing keys, base64url.
    pub keys: Vec<String>,
}
