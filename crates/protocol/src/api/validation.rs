use serde::{Deserialize, Serialize};

use crate::id::{ActivationId, LicenseId};
use crate::state::State;

/// The subject of a validation: exactly one of these.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ValidationRequest {
    /// A product key.
    ProductKey(String),
    /// A certificate, base64url.
    Certificate(String),
    /// An activation's id.
    Activation(ActivationId),
}

/// The result of a validation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Validation {
    /// Whether the key, certificate or activation currently permits use of the product.
    pub valid: bool,
    /// The activation state.
    pub state: State,
    /// The code of the reason, if `valid` is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The license's id, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseId>,
    /// The activation's id, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation: Option<ActivationId>,
    /// Time of the validation, UTC milliseconds.
    pub at: i64,
}

/// A validation with its signature: a `lic/validation/v1` object with the JSON of `validation` as its payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedValidation {
    /// The result.
    pub validation: Validation,
    /// The signed object, base64url.
    pub signed: String,
}
