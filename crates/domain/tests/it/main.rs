//! The rules, by example and by property.
#![allow(clippy::unwrap_used)]

mod activation;
mod guess_limits;
mod histories;
mod input;
mod license;
mod policy;
mod ratchet;
mod rebind;
mod support;
