//! Tests of the library with a real server in this process, and with connection failures.

#![allow(clippy::unwrap_used)]

mod auto_refresh;
mod capture;
mod doctor;
mod faults;
mod journey;
mod offline;
#[cfg(target_os = "linux")]
mod offline_file;
#[cfg(target_os = "linux")]
mod published;
#[cfg(target_os = "linux")]
mod sealed;
mod settings;
mod shop;
mod sign_in;
#[cfg(target_os = "linux")]
mod tpm;
