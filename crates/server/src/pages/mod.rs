//! The pages, rendered on the server. All pages work without scripts. Each file contains the view and the
//! handlers of a page. The handlers call use cases.

mod account;
mod auth;
mod shared;

use axum::routing::{get, post};

use crate::route_table::route_table;

pub use shared::error_page::as_pages;
// Used by the templates.
pub use shared::labels::{action_name, browser_name, explanation, is_in_use, state_name, state_sentence};

route_table! {
    "/" => get(account::overview::show),
    "/sign-up" => get(auth::sign_up::show).post(auth::sign_up::submit),
    "/sign-up/confirm" => get(auth::sign_up::opened).post(auth::sign_up::confirm),
    "/sign-in" => get(auth::sign_in::show).post(auth::sign_in::submit),
    "/sign-in/code" => post(auth::sign_in::code),
    "/sign-in/passkey" => post(auth::passkeys::sign_in),
    "/sign-in/passkey/options" => post(auth::passkeys::sign_in_options),
    "/sign-in/with/{provider}" => get(auth::upstream::depart),
    "/sign-in/from/{provider}" => get(auth::upstream::arrive),
    "/sign-out" => post(auth::sign_out::submit),
    "/recover" => get(auth::recover::show).post(auth::recover::submit),
    "/recover/reset" => get(auth::recover::opened).post(auth::recover::reset),
    "/account" => get(account::profile::show).post(account::profile::save),
    "/account/email" => get(account::profile::email_opened).post(account::profile::change_email),
    "/account/email/confirm" => post(account::profile::email_confirm),
    "/security" => get(account::security::show),
    "/security/password" => post(account::security::change_password),
    "/security/sessions/{session}/end" => post(account::security::end),
    "/security/sessions/end-others" => post(account::security::end_others),
    "/security/totp" => get(account::security::totp).post(account::security::confirm_totp),
    "/security/totp/remove" => post(account::security::remove_totp),
    "/security/passkeys" => post(auth::passkeys::add),
    "/security/passkeys/options" => post(auth::passkeys::options),
    "/security/passkeys/{passkey}/remove" => post(auth::passkeys::remove),
    "/security/providers/{provider}" => post(auth::upstream::begin_link),
    "/security/identities/{identity}/remove" => post(auth::upstream::unlink),
    "/devices" => get(account::devices::show),
    "/devices/{device}" => get(account::devices::device),
    "/devices/{device}/name" => post(account::devices::rename),
    "/devices/{device}/remove" => get(account::devices::ask_removal).post(account::devices::remove),
    "/licenses/{license}" => get(account::licenses::show),
    "/licenses/{license}/unlink" => get(account::licenses::ask_unlinking).post(account::licenses::unlink),
    "/licenses/{license}/transfer" => get(account::transfer::ask).post(account::transfer::offer),
    "/transfer" => get(account::transfer::opened).post(account::transfer::take),
    "/link" => get(account::link::show).post(account::link::submit),
    "/link/check" => post(account::key_check::check),
    "/offline" => get(account::offline::show).post(account::offline::confirm),
    "/offline/release" => post(account::offline::release),
    "/offline/file" => get(account::offline_file::show).post(account::offline_file::answer),
    "/find" => get(account::search::show),
    "/privacy" => get(account::privacy::show),
    "/privacy/export" => get(account::privacy::export),
    "/privacy/delete" => get(account::privacy::ask_deletion).post(account::privacy::delete),
    "/id/authorize" => get(auth::authorize::show).post(auth::authorize::decide),
    "/device" => get(auth::device_verification::show).post(auth::device_verification::check),
    "/device/decide" => post(auth::device_verification::decide),
    "/assets/style.css" => get(shared::assets::style),
    "/assets/key.js" => get(shared::assets::key_script),
    "/assets/file.js" => get(shared::assets::file_script),
    "/assets/passkey.js" => get(shared::assets::passkey_script),
    "/assets/work.js" => get(shared::assets::work_script),
}
