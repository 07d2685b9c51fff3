use std::ffi::{c_char, c_void};
use std::sync::Arc;

use keystead::Error;
use keystead::protocol::Code;
use keystead::settings::Intent;

use crate::client::Client;
use crate::guard::{give, guard, present};
use crate::text::read;
use crate::upkeep::{Bell, Changed};

/// The Settings window without a window: a native window draws its view and sends intents.
pub struct Settings {
    settings: keystead::settings::Settings,
    bell: Bell,
}

/// Opens them; `changed` is called whenever the view is another one. Given back with `keystead_settings_free`.
///
/// # Safety
/// `client` is NULL or open; `changed` may be called on any thread until the settings were given back; `settings` and
/// `out` are NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_settings_open(
    client: Option<&Client>,
    changed: Changed,
    user: *mut c_void,
    settings: Option<&mut *mut Settings>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    let bell = Bell::new(changed, user);
    guard(out, || {
        let client = Arc::clone(&present(client, "client")?.0);
        let ringing = bell.clone();
        let opened = keystead::settings::Settings::open(client, move || ringing.ring());
        give(settings, "settings", Settings { settings: opened, bell })
    })
}

/// What is to be shown now.
///
/// # Safety
/// `settings` is NULL or open; `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_settings_view(
    settings: Option<&Settings>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || Ok(present(settings, "settings")?.settings.view()))
}

/// Begins what the user wants, as JSON: `"check_now"`, `{"activate": {"key": "..."}}`. Answers at once; the view shows how it goes.
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
        let intent = unsafe { read(intent, "intent") }?;
        let intent: Intent =
            serde_json::from_str(intent).map_err(|error| Error::new(Code::MalformedRequest, error))?;
        present(settings, "settings")?.settings.send(intent);
        Ok(())
    })
}

/// Closes them and gives up what is under way; NULL is fine. Afterwards nobody is called any more.
///
/// # Safety
/// `settings` is NULL or came from `keystead_settings_open` and was not given back yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_settings_free(settings: Option<Box<Settings>>) {
    if let Some(settings) = settings {
        settings.bell.silence();
        settings.settings.send(Intent::Cancel);
    }
}
