use std::ffi::c_char;

use keystead::protocol::Code;
use keystead::{Error, PendingSignIn, SignInPoll, SignInPurpose, device_name};
use serde_json::json;

use crate::client::Client;
use crate::guard::{guard, required, store_handle};
use crate::text::{optional_text, required_text};

/// A pending sign-in that the user approves in a browser.
pub struct SignIn(PendingSignIn);

/// Starts a sign-in (RFC 8628). Show `user_code` and `verification_uri`, or
/// `verification_uri_complete` as a QR code. Then call `keystead_sign_in_poll` every `interval`
/// seconds. Free the sign-in with `keystead_sign_in_free`.
///
/// # Safety
/// `client` is NULL or open; `name` is NULL or ends with NUL; `sign_in` and `out` are NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_sign_in_begin(
    client: Option<&Client>,
    name: *const c_char,
    sign_in: Option<&mut *mut SignIn>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || {
        // SAFETY: as the caller promises.
        let name = unsafe { optional_text(name, "name") }?;
        let name = name.map_or_else(device_name, str::to_owned);
        let pending = required(client, "client")?.0.begin_sign_in(&name, SignInPurpose::Use)?;
        let response = json!({
            "user_code": pending.user_code,
            "verification_uri": pending.verification_uri,
            "verification_uri_complete": pending.verification_uri_complete,
            "interval": pending.interval,
        });
        store_handle(sign_in, "sign_in", SignIn(pending))?;
        Ok(response)
    })
}

/// Checks whether the sign-in was approved. If so, the result is `{"done": true}`.
///
/// # Safety
/// The handles are NULL or open; `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_sign_in_poll(
    client: Option<&Client>,
    sign_in: Option<&SignIn>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || {
        let poll = required(client, "client")?.0.poll_sign_in(&required(sign_in, "sign_in")?.0)?;
        Ok(json!({ "done": poll == SignInPoll::Done }))
    })
}

/// Frees a sign-in; NULL is allowed.
///
/// # Safety
/// `sign_in` is NULL or came from `keystead_sign_in_begin` and was not freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_sign_in_free(sign_in: Option<Box<SignIn>>) {
    drop(sign_in);
}

/// Signs out on this device.
///
/// # Safety
/// `client` is NULL or open; `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_sign_out(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || required(client, "client")?.0.sign_out())
}

/// Fetches the signed-in account.
///
/// # Safety
/// As for `keystead_sign_out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_account(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || required(client, "client")?.0.account())
}

/// Fetches the disclosure of the data that the server stores when the license is linked: `version`
/// and `paragraphs`. Show it before `keystead_link`.
///
/// # Safety
/// As for `keystead_sign_out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_linking_disclosure(
    client: Option<&Client>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || required(client, "client")?.0.linking_disclosure())
}

/// Links this device's license to the signed-in account and returns the status. The user has agreed
/// to this version of the disclosure.
///
/// # Safety
/// As for `keystead_sign_out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_link(
    client: Option<&Client>,
    agreed_version: u32,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || {
        let client = &required(client, "client")?.0;
        client.link(agreed_version)?;
        client.status()
    })
}

/// Activates this device with a license of the signed-in account.
///
/// # Safety
/// As for `keystead_sign_in_begin`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_activate_by_sign_in(
    client: Option<&Client>,
    name: *const c_char,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || {
        // SAFETY: as the caller promises.
        let name = unsafe { optional_text(name, "name") }?;
        let client = &required(client, "client")?.0;
        client.activate_by_sign_in(&name.map_or_else(device_name, str::to_owned))?;
        client.status()
    })
}

/// The account's devices with their activations.
///
/// # Safety
/// As for `keystead_sign_out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_devices(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || required(client, "client")?.0.devices())
}

/// The account's licenses.
///
/// # Safety
/// As for `keystead_sign_out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_licenses(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || required(client, "client")?.0.licenses())
}

/// Moves an activation (`act_...`) of the signed-in account to this device ("This is the device I am using now").
///
/// # Safety
/// As for `keystead_sign_in_begin`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_reactivate(
    client: Option<&Client>,
    activation: *const c_char,
    name: *const c_char,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || {
        // SAFETY: as the caller promises.
        let (activation, name) =
            unsafe { (required_text(activation, "activation")?, optional_text(name, "name")?) };
        let activation = activation.parse().map_err(|error| Error::new(Code::ValueNotAllowed, error))?;
        let client = &required(client, "client")?.0;
        client.reactivate(activation, &name.map_or_else(device_name, str::to_owned))?;
        client.status()
    })
}
