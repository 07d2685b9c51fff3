//! Snapshots of what `keystead` prints, against a real server.
#![allow(clippy::unwrap_used)]

#[cfg(feature = "simulated-hardware")]
mod device;
mod shop;
mod usage;
mod vendor;
