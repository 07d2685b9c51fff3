//! Sign-up, sign-in, recovery, and consent for applications and devices.

pub mod authorize;
pub mod consent;
pub mod device_verification;
pub mod passkeys;
pub mod recover;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
pub mod upstream;
