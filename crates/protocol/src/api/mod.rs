//! The JSON types of the API under `/api/v1`. Times are UTC milliseconds since 1970, binary values base64url.

mod account;
mod activation;
mod catalog;
mod device;
mod license;
mod log;
mod offline;
mod policy;
mod problem;
mod profile;
mod validation;

use serde::{Deserialize, Serialize};

pub use account::*;
pub use activation::*;
pub use catalog::*;
pub use device::*;
pub use license::*;
pub use log::*;
pub use offline::*;
pub use policy::*;
pub use problem::*;
pub use profile::*;
pub use validation::*;

/// One page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Cursor of the next page, for `?after=`; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
