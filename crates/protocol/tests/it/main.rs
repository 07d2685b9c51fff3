//! Tests of the protocol, with test vectors and with properties.
#![allow(clippy::unwrap_used)]

mod certificate;
mod countersignature;
mod device_key;
mod files;
mod fingerprint;
#[cfg(feature = "typed-offline")]
mod offline;
mod product_key;
mod proof;
mod support;
mod tlog;
