//! The pages: rendered here, and all of them work without script. Each owns its view and its handlers; all call
//! operations.

mod approve;
mod asks;
mod assets;
mod authorize;
mod cookie;
mod devices;
mod find;
mod form;
mod key_check;
mod licenses;
mod link;
mod offline;
mod offline_file;
mod overview;
mod page;
mod passkeys;
mod privacy;
mod problem;
mod profile;
mod providers;
mod recover;
mod security;
mod sign_in;
mod sign_out;
mod sign_up;
mod transfer;
mod visit;
mod words;

use axum::Router;
use axum::routing::{get, post};

use crate::app::Shared;

pub use problem::as_pages;
// Templates name these.
pub use words::{action_name, browser_name, explanation, is_in_use, state_name, state_sentence};

/// All pages.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/", get(overview::show))
        .route("/sign-up", get(sign_up::show).post(sign_up::submit))
        .route("/sign-up/confirm", get(sign_up::opened).post(sign_up::confirm))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-in/code", post(sign_in::code))
        .route("/sign-in/passkey", post(passkeys::sign_in))
        .route("/sign-in/passkey/options", post(passkeys::sign_in_options))
        .route("/sign-in/with/{provider}", get(providers::depart))
        .route("/sign-in/from/{provider}", get(providers::arrive))
        .route("/sign-out", post(sign_out::submit))
        .route("/recover", get(recover::show).post(recover::submit))
        .route("/recover/reset", get(recover::opened).post(recover::reset))
        .route("/account", get(profile::show).post(profile::save))
        .route("/account/email", get(profile::email_opened).post(profile::change_email))
        .route("/account/email/confirm", post(profile::email_confirm))
        .route("/security", get(security::show))
        .route("/security/password", post(security::change_password))
        .route("/security/sessions/{session}/end", post(security::end))
        .route("/security/sessions/end-others", post(security::end_others))
        .route("/security/totp", get(security::totp).post(security::confirm_totp))
        .route("/security/totp/remove", post(security::remove_totp))
        .route("/security/passkeys", post(passkeys::add))
        .route("/security/passkeys/options", post(passkeys::options))
        .route("/security/passkeys/{passkey}/remove", post(passkeys::remove))
        .route("/security/providers/{provider}", post(providers::begin_link))
        .route("/security/identities/{identity}/remove", post(providers::unlink))
        .route("/devices", get(devices::show))
        .route("/devices/{device}", get(devices::device))
        .route("/devices/{device}/name", post(devices::rename))
        .route("/devices/{device}/remove", get(devices::ask_removal).post(devices::remove))
        .route("/licenses/{license}", get(licenses::show))
        .route("/licenses/{license}/unlink", get(licenses::ask_unlinking).post(licenses::unlink))
        .route("/licenses/{license}/transfer", get(transfer::ask).post(transfer::offer))
        .route("/transfer", get(transfer::opened).post(transfer::take))
        .route("/link", get(link::show).post(link::submit))
        .route("/link/check", post(key_check::check))
        .route("/offline", get(offline::show).post(offline::confirm))
        .route("/offline/release", post(offline::release))
        .route("/offline/file", get(offline_file::show).post(offline_file::answer))
        .route("/find", get(find::show))
        .route("/privacy", get(privacy::show))
        .route("/privacy/export", get(privacy::export))
        .route("/privacy/delete", get(privacy::ask_deletion).post(privacy::delete))
        .route("/id/authorize", get(authorize::show).post(authorize::decide))
        .route("/device", get(approve::show).post(approve::check))
        .route("/device/decide", post(approve::decide))
        .route("/assets/style.css", get(assets::style))
        .route("/assets/key.js", get(assets::key_script))
        .route("/assets/file.js", get(assets::file_script))
        .route("/assets/passkey.js", get(assets::passkey_script))
        .route("/assets/work.js", get(assets::work_script))
}
