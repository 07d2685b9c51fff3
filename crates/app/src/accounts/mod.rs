//! Accounts: signing up and in, credentials, profile, sessions.

pub mod change_email;
pub mod change_password;
pub mod delete_account;
pub mod end_session;
pub mod export_account;
pub mod find_account;
pub mod make_staff;
pub mod manage_accounts;
pub mod passkey;
pub mod password;
pub mod reauthentication;
pub mod recover;
pub mod second_factor;
pub mod set_profile;
pub mod show_account;
pub mod sign_in;
pub mod sign_in_event;
pub mod sign_up;
pub mod upstream;
pub mod upstream_settings;
pub mod upstream_sign_in;
