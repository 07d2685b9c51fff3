use serde::{Deserialize, Serialize};

use crate::id::PolicyId;

/// How a product is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Channel {
    /// To one customer.
    Retail,
    /// With a device.
    Oem,
    /// To an organisation.
    Volume,
    /// To try it.
    Trial,
    /// For as long as it is paid for.
    Subscription,
}

/// How long a license lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Term {
    /// For ever.
    Perpetual,
    /// Days from the first activation, 1 to 36,500.
    Days(u32),
    /// Until a time, UTC milliseconds.
    Until(i64),
}

/// Whether an account is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AccountRule {
    /// Licenses of this policy cannot be linked.
    Never,
    /// The customer chooses.
    Optional,
    /// Only a signed-in customer can activate.
    Required,
}

/// The rules of a license. Durations in days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PolicyRules {
    /// How it is sold.
    pub channel: Channel,
    /// Devices at the same time, 1 to 100,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100000))]
    pub seats: u32,
    /// How long the license lasts.
    pub term: Term,
    /// How long a certificate serves, 1 to 400.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 400))]
    pub lease_days: u32,
    /// After how long a device refreshes, up to `lease_days`.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 400))]
    pub refresh_days: u32,
    /// How long the product goes on after the lease, up to 400.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 400))]
    pub grace_days: u32,
    /// How long it goes on after a significant hardware change, up to 400.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 400))]
    pub hardware_grace_days: u32,
    /// How often a license may be moved to changed hardware within `rebind_window_days`, up to 1,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000))]
    pub rebinds: u32,
    /// The rolling window of `rebinds`, 1 to 3,650.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3650))]
    pub rebind_window_days: u32,
    /// How often a device key may join the seat that its machine has already within `reinstall_window_days`, up to 1,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000))]
    pub reinstalls: u32,
    /// The rolling window of `reinstalls`, 1 to 3,650.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3650))]
    pub reinstall_window_days: u32,
    /// Device keys that live on one seat at the same time, for the users and systems of one machine, 1 to 16.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 16))]
    pub keys_per_seat: u32,
    /// How often an older state of an activation may show up within `fork_window_days` before the owner is asked, up to 15.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 15))]
    pub forks: u32,
    /// The rolling window of `forks`, 1 to 3,650.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3650))]
    pub fork_window_days: u32,
    /// How long a device without hardware of its own, as a container, keeps its seat without a sign of life, in hours up to 8,760;
    /// 0: as long as others.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 8760))]
    pub floating_hours: u32,
    /// Whether an account is needed.
    pub account: AccountRule,
}

impl Default for PolicyRules {
    fn default() -> Self {
        Self {
            channel: Channel::Retail,
            seats: 1,
            term: Term::Perpetual,
            lease_days: 180,
            refresh_days: 30,
            grace_days: 30,
            hardware_grace_days: 14,
            rebinds: 4,
            rebind_window_days: 365,
            reinstalls: 6,
            reinstall_window_days: 365,
            keys_per_seat: 3,
            forks: 6,
            fork_window_days: 30,
            floating_hours: 24,
            account: AccountRule::Optional,
        }
    }
}

/// Defines a policy of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PolicyRequest {
    /// The short name.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9][a-z0-9.-]{0,63}$"))]
    pub slug: String,
    /// The rules.
    pub rules: PolicyRules,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyView {
    /// The policy.
    pub id: PolicyId,
    /// The product's short name.
    pub product: String,
    /// The short name.
    pub slug: String,
    /// The number in certificates.
    pub number: u64,
    /// The rules.
    pub rules: PolicyRules,
}
