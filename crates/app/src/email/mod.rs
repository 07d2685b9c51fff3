//! Emails: written with the change that they tell of, sent by a job afterwards.

pub mod delivery;
pub mod draft;
pub mod email_link;
pub mod notifications;
pub mod transport;
