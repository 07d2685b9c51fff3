//! The API under `/api`. Each file of `v1` is one endpoint: it extracts the request, calls the use case and renders
//! the response.

mod description;
pub mod v1;

pub use description::openapi;
