//! Accounts: their credentials, sessions and sign-ins.

pub(crate) mod account;
pub(crate) mod attempt;
pub(crate) mod credential;
pub(crate) mod email_link;
pub(crate) mod passkey;
pub(crate) mod second_factor;
pub(crate) mod session;
pub(crate) mod sign_in_event;
pub(crate) mod upstream_identity;
pub(crate) mod web_session;
