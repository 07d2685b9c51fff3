use serde::{Deserialize, Serialize};

use super::ActivationView;
use crate::id::DeviceId;

/// A device of the signed-in account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceView {
    /// The device.
    pub id: DeviceId,
    /// Its name.
    pub name: String,
    /// Operating system and version.
    pub platform: String,
    /// When it was first seen.
    pub created_at: i64,
    /// When it was last seen.
    pub last_seen_at: i64,
    /// Its activations of the account's licenses.
    pub activations: Vec<ActivationView>,
}

/// Gives a device another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RenameRequest {
    /// The new name, 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
}

/// What became of a device's seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deactivated {
    /// How many seats became free.
    pub seats_freed: u32,
    /// The product may go on working there until then, UTC milliseconds: a device without network is not reached.
    pub stops_by: i64,
}
