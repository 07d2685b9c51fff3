//! Emails and messages that wait for delivery.

pub(crate) mod message;
pub(crate) mod queued_email;
