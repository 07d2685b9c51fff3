use std::ffi::c_char;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use keystead::protocol::Code;
use keystead::{Error, Options, Profile, Proxy, Tpm, default_folder, device_name};
use serde::Deserialize;

use crate::guard::{guard, required, store_handle};
use crate::text::{optional_text, required_text};

/// One product of one vendor on this device. Several threads may use it at the same time.
pub struct Client(pub(crate) Arc<keystead::Client>);

/// Options of a client, all of them optional.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ClientOptions {
    /// The data folder.
    folder: Option<PathBuf>,
    /// The OAuth client id.
    client_id: Option<String>,
    /// The application's version.
    app_version: Option<String>,
    /// `system`, `direct` or an address.
    proxy: Option<String>,
    /// `system`, `unused` or a device file or socket.
    tpm: Option<String>,
    /// Longest time to wait for a response, milliseconds.
    timeout_ms: Option<u64>,
    /// Certificate authorities in PEM, instead of the system's.
    authorities: Option<String>,
}

impl ClientOptions {
    fn into_options(self) -> Options {
        let defaults = Options::default();
        Options {
            client_id: self.client_id.unwrap_or(defaults.client_id),
            app_version: self.app_version,
            proxy: match self.proxy.as_deref() {
                None | Some("system") => Proxy::System,
                Some("direct") => Proxy::Direct,
                Some(address) => Proxy::Address(address.to_owned()),
            },
            tpm: match self.tpm.as_deref() {
                None | Some("system") => Tpm::System,
                Some("unused") => Tpm::Unused,
                Some(path) => Tpm::At(path.into()),
            },
            published: defaults.published,
            second_folder: defaults.second_folder,
            timeout: self.timeout_ms.map_or(defaults.timeout, Duration::from_millis),
            authorities: self.authorities.map_or(defaults.authorities, String::into_bytes),
        }
    }
}

/// Opens a client. Needs no network. `profile` is the vendor's application profile (JSON).
/// `options` is NULL or JSON with any of `folder`, `client_id`, `app_version`, `proxy`, `tpm`,
/// `timeout_ms`, `authorities`. Free the client with `keystead_close`.
///
/// # Safety
/// Texts are NULL or end with NUL; `client` and `out` are NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_open(
    profile: *const c_char,
    options: *const c_char,
    client: Option<&mut *mut Client>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || {
        // SAFETY: as the caller promises.
        let (profile, options) =
            unsafe { (required_text(profile, "profile")?, optional_text(options, "options")?) };
        let mut options: ClientOptions = match options {
            Some(json) => {
                serde_json::from_str(json).map_err(|error| Error::new(Code::ValueNotAllowed, error))?
            }
            None => ClientOptions::default(),
        };
        let folder = match options.folder.take() {
            Some(folder) => folder,
            None => default_folder()?,
        };
        let opened = keystead::Client::open_with(
            Profile::from_json(profile.as_bytes())?,
            folder,
            options.into_options(),
        )?;
        store_handle(client, "client", Client(Arc::new(opened)))
    })
}

/// Frees a client; NULL is allowed.
///
/// # Safety
/// `client` is NULL or came from `keystead_open`, was not freed yet, and is not in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_close(client: Option<Box<Client>>) {
    drop(client);
}

/// The activation status, with `state`, `sentence`, `code`, `mode` and `features`. Never uses the
/// network.
///
/// # Safety
/// `client` is NULL or open; `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_status(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || required(client, "client")?.0.status())
}

/// Refreshes if a refresh is due, and returns the status. Waits for the refresh for at most
/// `budget_ms`.
///
/// # Safety
/// As for `keystead_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_check(
    client: Option<&Client>,
    budget_ms: u32,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || required(client, "client")?.0.check(Duration::from_millis(budget_ms.into())))
}

/// Whether a feature is unlocked; `false` after any error.
///
/// # Safety
/// `client` is NULL or open; `feature` is NULL or ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_has_feature(client: Option<&Client>, feature: *const c_char) -> bool {
    let mut unlocked = false;
    guard(None, || {
        // SAFETY: as the caller promises.
        let feature = unsafe { required_text(feature, "feature") }?;
        unlocked = required(client, "client")?.0.status()?.has_feature(feature);
        Ok(())
    });
    unlocked
}

/// Activates this device with a product key, in any case, with or without dashes. `name` is the
/// device's name, or NULL for its host name.
///
/// # Safety
/// `client` is NULL or open; texts are NULL or end with NUL; `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_activate(
    client: Option<&Client>,
    key: *const c_char,
    name: *const c_char,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || {
        // SAFETY: as the caller promises.
        let (key, name) = unsafe { (required_text(key, "key")?, optional_text(name, "name")?) };
        let client = &required(client, "client")?.0;
        client.activate(key, &name.map_or_else(device_name, str::to_owned))?;
        client.status()
    })
}

/// Refreshes the certificate now and returns the status.
///
/// # Safety
/// As for `keystead_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_refresh(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || {
        let client = &required(client, "client")?.0;
        client.refresh()?;
        client.status()
    })
}

/// Deactivates this device and frees its seat.
///
/// # Safety
/// As for `keystead_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_deactivate(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || {
        let client = &required(client, "client")?.0;
        client.deactivate()?;
        client.status()
    })
}

/// Runs the diagnostics. The report identifies no person or hardware, and contains no secrets.
///
/// # Safety
/// As for `keystead_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_diagnose(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || Ok(required(client, "client")?.0.diagnose()))
}
