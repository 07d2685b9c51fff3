use serde::{Deserialize, Serialize};

use crate::id::{ActivationId, LicenseId};
use crate::state::State;

/// What the vendor's own backend asks about; exactly one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ValidationRequest {
    /// A product key.
    ProductKey(String),
    /// A certificate, base64url.
    Certificate(String),
    /// An activation.
    Activation(ActivationId),
}

/// What is known, and the server's signature over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Validation {
    /// Whether the product may be used on the strength of what was asked about.
    pub valid: bool,
    /// The state.
    pub state: State,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The license, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseId>,
    /// The activation, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation: Option<ActivationId>,
    /// When this was said, UTC milliseconds.
    pub at: i64,
}

/// A validation with its signature: a `lic/validation/v1` object whose payload is the JSON of `validation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedValidation {
    /// What is known.
    pub validation: Validation,
    /// The signed object, base64url.
    pub signed: String,
}
