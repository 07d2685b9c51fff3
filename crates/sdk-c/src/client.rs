use std::ffi::c_char;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use keystead::protocol::Code;
use keystead::{Error, Options, Profile, Proxy, Tpm, default_folder, device_name};
use serde::Deserialize;

use crate::guard::{give, guard, present};
use crate::text::{maybe, read};

/// One product of one vendor on this device. May be used by many threads at once.
pub struct Client(pub(crate) Arc<keystead::Client>);

/// What may be chosen when a client is opened; all of it may be left out.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Chosen {
    /// Where activations are kept.
    folder: Option<PathBuf>,
    /// The OAuth client.
    client_id: Option<String>,
    /// The application's version.
    app_version: Option<String>,
    /// `system`, `direct` or an address.
    proxy: Option<String>,
    /// `system`, `unused` or a device file or socket.
    tpm: Option<String>,
    /// How long an answer may take.
    patience_ms: Option<u64>,
    /// Authorities in PEM in place of the system's.
    authorities: Option<String>,
}

impl Chosen {
    fn options(self) -> Options {
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
            patience: self.patience_ms.map_or(defaults.patience, Duration::from_millis),
            authorities: self.authorities.map_or(defaults.authorities, String::into_bytes),
        }
    }
}

/// Opens what is kept on this device; needs no network. `profile` is the vendor's application profile (JSON), `options` NULL
/// or JSON with any of `folder`, `client_id`, `app_version`, `proxy`, `tpm`, `patience_ms`, `authorities`. The client is given back
/// with `keystead_close`.
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
        let (profile, options) = unsafe { (read(profile, "profile")?, maybe(options, "options")?) };
        let mut chosen: Chosen = match options {
            Some(json) => {
                serde_json::from_str(json).map_err(|error| Error::new(Code::ValueNotAllowed, error))?
            }
            None => Chosen::default(),
        };
        let folder = match chosen.folder.take() {
            Some(folder) => folder,
            None => default_folder()?,
        };
        let opened =
            keystead::Client::open_with(Profile::from_json(profile.as_bytes())?, folder, chosen.options())?;
        give(client, "client", Client(Arc::new(opened)))
    })
}

/// Gives a client back; NULL is fine.
///
/// # Safety
/// `client` is NULL or came from `keystead_open`, was not given back yet, and nobody uses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_close(client: Option<Box<Client>>) {
    drop(client);
}

/// The activation state, from what is kept here; never asks the network. See `state`, `sentence`, `code`, `mode`, `features`.
///
/// # Safety
/// `client` is NULL or open; `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_status(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || present(client, "client")?.0.status())
}

/// The same after a refresh, if one is due and done within `budget_ms`; never waits longer.
///
/// # Safety
/// As for `keystead_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_check(
    client: Option<&Client>,
    budget_ms: u32,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || present(client, "client")?.0.check(Duration::from_millis(budget_ms.into())))
}

/// Whether a feature may be used now; `false` if anything is the matter.
///
/// # Safety
/// `client` is NULL or open; `feature` is NULL or ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_has_feature(client: Option<&Client>, feature: *const c_char) -> bool {
    let mut may = false;
    guard(None, || {
        // SAFETY: as the caller promises.
        let feature = unsafe { read(feature, "feature") }?;
        may = present(client, "client")?.0.status()?.has_feature(feature);
        Ok(())
    });
    may
}

/// Activates with a product key in any typed form; `name` is the device's name, or NULL for the one it has in its network.
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
        let (key, name) = unsafe { (read(key, "key")?, maybe(name, "name")?) };
        let client = &present(client, "client")?.0;
        client.activate(key, &name.map_or_else(device_name, str::to_owned))?;
        client.status()
    })
}

/// Asks for a fresh certificate now, then gives the state.
///
/// # Safety
/// As for `keystead_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_refresh(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || {
        let client = &present(client, "client")?.0;
        client.refresh()?;
        client.status()
    })
}

/// Gives this device's seat back.
///
/// # Safety
/// As for `keystead_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_deactivate(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || {
        let client = &present(client, "client")?.0;
        client.deactivate()?;
        client.status()
    })
}

/// Looks into everything that the activation depends on; nothing in it names a person or unlocks anything.
///
/// # Safety
/// As for `keystead_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_diagnose(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || Ok(present(client, "client")?.0.diagnose()))
}
