//! Emails. A change enqueues them in its transaction, and a job sends them.

pub mod delivery;
pub mod draft;
pub mod email_link;
#[cfg(test)]
mod every_email;
pub mod notifications;
pub mod transport;
