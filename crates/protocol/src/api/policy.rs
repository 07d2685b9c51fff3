use serde::{Deserialize, Serialize};

use crate::id::PolicyId;

/// How a product is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Channel {
    /// Sold to one customer.
    Retail,
    /// Sold with a device.
    Oem,
    /// Sold to an organization.
    Volume,
    /// A trial.
    Trial,
    /// A subscription.
    Subscription,
}

/// How long a license lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Term {
    /// Forever.
    Perpetual,
    /// A number of days from the first activation, 1 to 36,500.
    Days(u32),
    /// Until this time, UTC milliseconds.
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

/// The rules of a license.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PolicyRules {
    /// How the license is sold.
    pub channel: Channel,
    /// Number of devices at the same time, 1 to 100,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100000))]
    pub seats: u32,
    /// How long the license lasts.
    pub term: Term,
    /// Length of a certificate's lease, days, 1 to 400.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 400))]
    pub lease_days: u32,
    /// Days from the start of a lease until the device refreshes its certificate, up to `lease_days`.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 400))]
    pub refresh_days: u32,
    /// Days that the product keeps working after the lease, up to 400.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 400))]
    pub grace_days: u32,
    /// Days that the product keeps working after a significant hardware change, up to 400.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 400))]
    pub hardware_grace_days: u32,
    /// Moves of activations to changed hardware within `rebind_window_days`, up to 1,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000))]
    pub rebinds: u32,
    /// The rolling window of `rebinds`, days, 1 to 3,650.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3650))]
    pub rebind_window_days: u32,
    /// Reinstallations within `reinstall_window_days`, up to 1,000. In a reinstallation, a new device key joins the
    /// seat that its machine already uses.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000))]
    pub reinstalls: u32,
    /// The rolling window of `reinstalls`, days, 1 to 3,650.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3650))]
    pub reinstall_window_days: u32,
    /// Number of live device keys on one seat, 1 to 16. Each user and each operating system of a machine has its own
    /// key.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 16))]
    pub keys_per_seat: u32,
    /// Number of times within `fork_window_days` that a device may present an older state of its activation (after a
    /// restored snapshot, for example) before the owner is asked, up to 15.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 15))]
    pub forks: u32,
    /// The rolling window of `forks`, days, 1 to 3,650.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3650))]
    pub fork_window_days: u32,
    /// Lease of a floating seat, hours, up to 8,760; 0 disables floating. A seat floats if its device cannot be
    /// recognized by its hardware (a container, for example).
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
    /// The policy's id.
    pub id: PolicyId,
    /// The product's short name.
    pub product: String,
    /// The short name.
    pub slug: String,
    /// The policy's number in certificates.
    pub number: u64,
    /// The rules.
    pub rules: PolicyRules,
}
