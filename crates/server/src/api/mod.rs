//! The API under `/api`. Each file of `v1` is one endpoint: what it takes, the operation it calls, what it gives.

mod description;
pub mod v1;

pub use description::openapi;
