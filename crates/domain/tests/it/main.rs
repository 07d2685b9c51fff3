//! Tests of the rules, with examples and with properties.
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
