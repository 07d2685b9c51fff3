//! The rules of Keystead: activation, renewal of certificates, recognition of changed devices, budgets and sign-in
//! limits. All functions are pure. They do no input or output; time (UTC milliseconds) and randomness are arguments.
//! Expected failures are [`Refusal`]s.

pub mod account;
pub mod activation;
pub mod budget;
pub mod common_password;
pub mod context_words;
pub mod device_grant;
pub mod guess_limits;
pub mod license;
pub mod policy;
pub mod ratchet;
mod refusal;

pub use refusal::Refusal;

/// UTC milliseconds since 1970.
pub type Millis = i64;

/// A day in milliseconds.
pub const DAY: Millis = 24 * HOUR;
/// An hour in milliseconds.
pub const HOUR: Millis = 60 * 60 * 1000;
