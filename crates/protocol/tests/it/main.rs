//! The protocol against its named vectors and its laws.
#![allow(clippy::unwrap_used)]

mod certificate;
mod fingerprint;
#[cfg(feature = "typed-offline")]
mod offline;
mod product_key;
mod proof;
mod support;
