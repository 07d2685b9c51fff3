use serde::{Deserialize, Serialize};

use super::OfflineTerms;

/// Data about the server, the vendor and the product. Applications ship with it.
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
    /// The product's number in product keys, 1 to 4095.
    pub product_code: u16,
    /// The vendor's root keys, base64url, one or two.
    pub roots: Vec<String>,
    /// The vendor's salt for hardware fingerprints, 32 bytes, base64url.
    pub fingerprint_salt: String,
    /// The features that work without a license, sorted. These are the features of the edition with the short name
    /// `limited`.
    #[serde(default)]
    pub limited_features: Vec<String>,
    /// The terms of offline confirmations; absent if offline confirmation is not available.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline: Option<OfflineTerms>,
}

/// The server's signed time and its current keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeView {
    /// A signed `lic/time/v1` object with the nonce of the request, base64url.
    pub time: String,
    /// Root-signed statements about the issuing keys, base64url.
    pub keys: Vec<String>,
}
