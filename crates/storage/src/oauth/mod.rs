//! Grants and tokens of applications and of the vendor's automation.

pub(crate) mod api_token;
pub(crate) mod app_session;
pub(crate) mod app_token;
pub(crate) mod authorization_code;
pub(crate) mod device_grant;
