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
    /// The name people read.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductView {
    /// The product.
    pub id: ProductId,
    /// The short name.
    pub slug: String,
    /// The name people read.
    pub name: String,
    /// The number in its product keys, 0 to 4095.
    pub code: u16,
    /// When it was made.
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
    /// The name people read.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// The features it unlocks, at most 64.
    #[cfg_attr(feature = "openapi", schema(max_items = 64))]
    pub features: Vec<String>,
}

/// An edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditionView {
    /// The edition.
    pub id: EditionId,
    /// The product's short name.
    pub product: String,
    /// The short name.
    pub slug: String,
    /// The name people read.
    pub name: String,
    /// The features it unlocks, sorted.
    pub features: Vec<String>,
}

/// Orders product keys.
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
    /// How many keys, 1 to 1,000,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000000))]
    pub count: u32,
    /// What the batch is for.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub note: String,
}

/// One line of the answer to a key batch, which is newline-delimited JSON: keys in portions, each sent only after it
/// was stored, then `done`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum KeyBatchLine {
    /// The batch began.
    Batch(KeyBatchId),
    /// Product keys, shown this once.
    Keys(Vec<String>),
    /// All keys were sent; how many.
    Done(u32),
    /// The batch ended early, with the code.
    Failed(String),
}
