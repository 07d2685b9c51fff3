//! Emails: enqueued in the transaction of the change that they report, sent by a job.

pub mod delivery;
pub mod draft;
pub mod email_link;
#[cfg(test)]
mod every_email;
pub mod notifications;
pub mod transport;
