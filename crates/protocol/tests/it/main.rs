//! The protocol against its named vectors and its laws.
mod certificate;
mod fingerprint;
mod product_key;
mod proof;
mod support;
