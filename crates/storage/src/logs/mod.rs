//! The issue log and the audit log: Merkle trees over committed rows.

pub(crate) mod countersignature;
pub(crate) mod log_proof;
pub(crate) mod personal_fields;
pub(crate) mod sequencer;
pub(crate) mod tile;
