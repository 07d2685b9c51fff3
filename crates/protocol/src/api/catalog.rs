use serde::{Deserialize, Serialize};

use crate::id::{EditionId, KeyBatchId, ProductId};

/// Defines a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProductRequest {
    /// The short name: lower-case letters, digits, dots and dashes.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9][a-z0-9.-]{0,63}$"))]
    pub slug: String,
    /// The display name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductView {
    /// The product's id.
    pub id: ProductId,
    /// The short name.
    pub slug: String,
    /// The display name.
    pub name: String,
    /// The product's number in its product keys, 1 to 4095.
    pub code: u16,
    /// Time of creation.
    pub created_at: i64,
}

/// Defines an edition of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditionRequest {
    /// The short name.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9][a-z0-9.-]{0,63}$"))]
    pub slug: String,
    /// The display name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// The features that the edition includes, at most 64.
    #[cfg_attr(feature = "openapi", schema(max_items = 64))]
    pub features: Vec<String>,
}

/// An edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditionView {
    /// The edition's id.
    pub id: EditionId,
    /// The product's short name.
    pub product: String,
    /// The short name.
    pub slug: String,
    /// The display name.
    pub name: String,
    /// The features that the edition includes, sorted.
    pub features: Vec<String>,
}

/// Requests a batch of new product keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyBatchRequest {
    /// The edition's short name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub edition: String,
    /// The policy's short name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub policy: String,
    /// Number of keys, 1 to 1,000,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000000))]
    pub count: u32,
    /// The vendor's note about the batch.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub note: String,
}

/// One line of a key batch response. The response is newline-delimited JSON: the batch's id, then chunks of keys,
/// then `done`. Each chunk is sent after it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum KeyBatchLine {
    /// The batch's id.
    Batch(KeyBatchId),
    /// Product keys. They are shown only once.
    Keys(Vec<String>),
    /// All keys were sent. The value is their number.
    Done(u32),
    /// The batch ended early. The value is the code of the error.
    Failed(String),
}
