//! Licenses, their activations and devices.

pub(crate) mod activation;
pub(crate) mod budget_use;
pub(crate) mod consent;
pub(crate) mod device;
pub(crate) mod license;
pub(crate) mod offline;
