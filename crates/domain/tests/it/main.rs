//! The rules, by example and by property.
mod activation;
mod input;
mod license;
mod policy;
mod ratchet;
mod support;
