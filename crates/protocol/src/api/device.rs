use serde::{Deserialize, Serialize};

use super::ActivationView;
use crate::id::DeviceId;

/// A device of the signed-in account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceView {
    /// The device's id.
    pub id: DeviceId,
    /// The device's name.
    pub name: String,
    /// Operating system and version.
    pub platform: String,
    /// Time of the device's first contact.
    pub created_at: i64,
    /// Time of the device's last contact.
    pub last_seen_at: i64,
    /// The device's activations on the account's licenses.
    pub activations: Vec<ActivationView>,
}

/// Renames a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RenameRequest {
    /// The new name, 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
}

/// The result of a deactivation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deactivated {
    /// Number of freed seats.
    pub seats_freed: u32,
    /// The time by which the product stops working on the device, UTC milliseconds. A device that stays offline keeps
    /// working until then.
    pub stops_by: i64,
}
