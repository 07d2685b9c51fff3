//! Shared definitions of server and clients: ids, product keys, fingerprints, certificates, request proofs, error
//! codes and the JSON types of the API.
//!
//! This crate performs no input or output, reads no clock and draws no randomness: times (UTC milliseconds, or
//! seconds inside certificates) and random values are arguments. `vectors/` contains named test vectors for
//! implementations in other languages.

pub mod api;
pub mod certificate;
pub mod code;
pub mod device_key;
pub mod fingerprint;
pub mod id;
pub mod offline;
pub mod product_key;
pub mod proof;
pub mod state;
pub mod text;
pub mod tlog;
pub mod typed_code;

pub use code::Code;
pub use product_key::ProductKey;
