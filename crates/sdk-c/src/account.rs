use std::ffi::c_char;

use keystead::protocol::Code;
use keystead::{Error, PendingSignIn, SignInPoll, SignInPurpose, device_name};
use serde_json::json;

use crate::client::Client;
use crate::guard::{give, guard, present};
use crate::text::{maybe, read};

/// A sign-in that waits for approval in a browser.
pub struct SignIn(PendingSignIn);

/// Begins a sign-in (RFC 8628): show `user_code` and `verification_uri`, or `verification_uri_complete` as a QR code, then poll
/// every `interval` seconds. It is given back with `keystead_sign_in_free`.
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
        let name = unsafe { maybe(name, "name") }?;
        let name = name.map_or_else(device_name, str::to_owned);
        let pending = present(client, "client")?.0.begin_sign_in(&name, SignInPurpose::Use)?;
        let told = json!({
            "user_code": pending.user_code,
            "verification_uri": pending.verification_uri,
            "verification_uri_complete": pending.verification_uri_complete,
            "interval": pending.interval,
        });
        give(sign_in, "sign_in", SignIn(pending))?;
        Ok(told)
    })
}

/// Asks whether it was approved: `{"done": true}`.
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
        let poll = present(client, "client")?.0.poll_sign_in(&present(sign_in, "sign_in")?.0)?;
        Ok(json!({ "done": poll == SignInPoll::Done }))
    })
}

/// Gives a sign-in back; NULL is fine.
///
/// # Safety
/// `sign_in` is NULL or came from `keystead_sign_in_begin` and was not given back yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_sign_in_free(sign_in: Option<Box<SignIn>>) {
    drop(sign_in);
}

/// Ends the sign-in on this device.
///
/// # Safety
/// `client` is NULL or open; `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_sign_out(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || present(client, "client")?.0.sign_out())
}

/// The signed-in account.
///
/// # Safety
/// As for `keystead_sign_out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_account(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || present(client, "client")?.0.account())
}

/// What is stored when the license is linked: `version` and `paragraphs`, to be shown before `keystead_link`.
///
/// # Safety
/// As for `keystead_sign_out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_linking_disclosure(
    client: Option<&Client>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || present(client, "client")?.0.linking_disclosure())
}

/// Links this device's license to the signed-in account, whose user agreed to the disclosure of that version.
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
        let client = &present(client, "client")?.0;
        client.link(agreed_version)?;
        client.status()
    })
}

/// Activates with a license of the signed-in account.
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
        let name = unsafe { maybe(name, "name") }?;
        let client = &present(client, "client")?.0;
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
    guard(out, || present(client, "client")?.0.devices())
}

/// The account's licenses.
///
/// # Safety
/// As for `keystead_sign_out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_licenses(client: Option<&Client>, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || present(client, "client")?.0.licenses())
}

/// "This is the device I am using now": moves an activation (`act_...`) of the signed-in account to this device.
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
        let (activation, name) = unsafe { (read(activation, "activation")?, maybe(name, "name")?) };
        let activation = activation.parse().map_err(|error| Error::new(Code::ValueNotAllowed, error))?;
        let client = &present(client, "client")?.0;
        client.reactivate(activation, &name.map_or_else(device_name, str::to_owned))?;
        client.status()
    })
}
