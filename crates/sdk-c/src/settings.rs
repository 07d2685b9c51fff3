use std::ffi::{c_char, c_void};
use std::sync::Arc;

use keystead::Error;
use keystead::protocol::Code;
use keystead::settings::Intent;

use crate::auto_refresh::{Callback, Changed};
use crate::client::Client;
use crate::guard::{guard, required, store_handle};
use crate::text::required_text;

/// The logic of the Settings window, without a user interface. A native window draws the view and
/// sends intents.
pub struct Settings {
    settings: keystead::settings::Settings,
    callback: Callback,
}

/// Opens the settings. Calls `changed` whenever the view changes. Free the settings with
/// `keystead_settings_free`.
///
/// # Safety
/// `client` is NULL or open; `changed` may be called on any thread until `keystead_settings_free` returns; `settings` and
/// `out` are NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_settings_open(
    client: Option<&Client>,
    changed: Changed,
    user: *mut c_void,
    settings: Option<&mut *mut Settings>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    let callback = Callback::new(changed, user);
    guard(out, || {
        let client = Arc::clone(&required(client, "client")?.0);
        let on_change = callback.clone();
        let opened = keystead::settings::Settings::open(client, move || on_change.invoke());
        store_handle(settings, "settings", Settings { settings: opened, callback })
    })
}

/// The current view.
///
/// # Safety
/// `settings` is NULL or open; `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_settings_view(
    settings: Option<&Settings>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || Ok(required(settings, "settings")?.settings.view()))
}

/// Starts an action, given as JSON such as `"check_now"` or `{"activate": {"key": "..."}}`. Cancels
/// the running action. Returns at once; the view shows the progress.
///
/// # Safety
/// `settings` is NULL or open; `intent` is NULL or ends with NUL; `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_settings_send(
    settings: Option<&Settings>,
    intent: *const c_char,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || {
        // SAFETY: as the caller promises.
        let intent = unsafe { required_text(intent, "intent") }?;
        let intent: Intent =
            serde_json::from_str(intent).map_err(|error| Error::new(Code::MalformedRequest, error))?;
        required(settings, "settings")?.settings.send(intent);
        Ok(())
    })
}

/// Closes the settings and cancels the running action; NULL is allowed. Afterwards, `changed` is
/// not called any more.
///
/// # Safety
/// `settings` is NULL or came from `keystead_settings_open` and was not freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_settings_free(settings: Option<Box<Settings>>) {
    if let Some(settings) = settings {
        settings.callback.close();
        settings.settings.send(Intent::Cancel);
    }
}
