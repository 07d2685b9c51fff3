//! Activation without a network: with typed codes, or by file.

pub mod answer_file;
pub mod authority;
pub mod confirm_offline;
pub mod extend_lease;
pub mod open_offline;
pub mod prove_release;
pub mod terms;
