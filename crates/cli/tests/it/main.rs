//! Snapshots of the output of `keystead`, with a real server.
#![allow(clippy::unwrap_used)]

#[cfg(feature = "simulated-hardware")]
mod device;
mod shop;
mod usage;
mod vendor;
