//! The customer's account: devices, licenses, security, privacy.

pub mod devices;
pub mod key_check;
pub mod licenses;
pub mod link;
pub mod offline;
pub mod offline_file;
pub mod overview;
pub mod privacy;
pub mod profile;
pub mod search;
pub mod security;
pub mod transfer;
