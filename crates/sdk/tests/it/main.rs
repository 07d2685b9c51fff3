//! The library against a real server in this process, and against what stands between a device and its server.

#![allow(clippy::unwrap_used)]

mod faults;
mod journey;
mod shop;
