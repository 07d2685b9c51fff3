//! The pages: rendered here, and all of them work without script. Each owns its view and its handlers; all call
//! operations.

mod account;
mod auth;
mod shared;

use axum::Router;
use axum::routing::{get, post};
use keystead_app::context::Shared;

pub use shared::error_page::as_pages;
// Templates name these.
pub use shared::labels::{action_name, explanation, is_in_use, state_name, state_sentence};

/// All pages.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/", get(account::overview::show))
        .route("/sign-up", get(auth::sign_up::show).post(auth::sign_up::submit))
        .route("/sign-up/confirm", get(auth::sign_up::opened).post(auth::sign_up::confirm))
        .route("/sign-in", get(auth::sign_in::show).post(auth::sign_in::submit))
        .route("/sign-in/code", post(auth::sign_in::code))
        .route("/sign-in/passkey", post(auth::passkeys::sign_in))
        .route("/sign-in/passkey/options", post(auth::passkeys::sign_in_options))
        .route("/sign-in/with/{provider}", get(auth::upstream::depart))
        .route("/sign-in/from/{provider}", get(auth::upstream::arrive))
        .route("/sign-out", post(auth::sign_out::submit))
        .route("/recover", get(auth::recover::show).post(auth::recover::submit))
        .route("/recover/reset", get(auth::recover::opened).post(auth::recover::reset))
        .route("/account", get(account::profile::show).post(account::profile::save))
        .route("/account/email", get(account::profile::email_opened).post(account::profile::change_email))
        .route("/account/email/confirm", post(account::profile::email_confirm))
        .route("/security", get(account::security::show))
        .route("/security/password", post(account::security::change_password))
        .route("/security/sessions/{session}/end", post(account::security::end))
        .route("/security/sessions/end-others", post(account::security::end_others))
        .route("/security/totp", get(account::security::totp).post(account::security::confirm_totp))
        .route("/security/totp/remove", post(account::security::remove_totp))
        .route("/security/passkeys", post(auth::passkeys::add))
        .route("/security/passkeys/options", post(auth::passkeys::options))
        .route("/security/passkeys/{passkey}/remove", post(auth::passkeys::remove))
        .route("/security/providers/{provider}", post(auth::upstream::begin_link))
        .route("/security/identities/{identity}/remove", post(auth::upstream::unlink))
        .route("/devices", get(account::devices::show))
        .route("/devices/{device}", get(account::devices::device))
        .route("/devices/{device}/name", post(account::devices::rename))
        .route("/devices/{device}/remove", get(account::devices::ask_removal).post(account::devices::remove))
        .route("/licenses/{license}", get(account::licenses::show))
        .route(
            "/licenses/{license}/unlink",
            get(account::licenses::ask_unlinking).post(account::licenses::unlink),
        )
        .route("/licenses/{license}/transfer", get(account::transfer::ask).post(account::transfer::offer))
        .route("/transfer", get(account::transfer::opened).post(account::transfer::take))
        .route("/link", get(account::link::show).post(account::link::submit))
        .route("/link/check", post(account::key_check::check))
        .route("/offline", get(account::offline::show).post(account::offline::confirm))
        .route("/offline/release", post(account::offline::release))
        .route("/offline/file", get(account::offline_file::show).post(account::offline_file::answer))
        .route("/find", get(account::search::show))
        .route("/privacy", get(account::privacy::show))
        .route("/privacy/export", get(account::privacy::export))
        .route("/privacy/delete", get(account::privacy::ask_deletion).post(account::privacy::delete))
        .route("/id/authorize", get(auth::authorize::show).post(auth::authorize::decide))
        .route("/device", get(auth::device_verification::show).post(auth::device_verification::check))
        .route("/device/decide", post(auth::device_verification::decide))
        .route("/assets/style.css", get(shared::assets::style))
        .route("/assets/key.js", get(shared::assets::key_script))
        .route("/assets/file.js", get(shared::assets::file_script))
        .route("/assets/passkey.js", get(shared::assets::passkey_script))
        .route("/assets/work.js", get(shared::assets::work_script))
}
