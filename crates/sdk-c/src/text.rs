use std::ffi::{CStr, CString, c_char};

use keystead::Error;
use keystead::protocol::Code;
use keystead::protocol::typed_code::{self, CodeError, Entry, Kind};
use serde_json::json;

use crate::guard::guard;

/// Reads a text that must not be NULL.
///
/// # Safety
/// `text` is NULL or points to a text that ends with NUL and outlives the call.
pub(crate) unsafe fn required_text<'a>(text: *const c_char, name: &str) -> Result<&'a str, Error> {
    // SAFETY: as the caller promises.
    let text = unsafe { optional_text(text, name) }?;
    text.ok_or_else(|| Error::new(Code::MalformedRequest, format!("{name} is NULL")))
}

/// Reads a text that may be NULL.
///
/// # Safety
/// As for [`required_text`].
pub(crate) unsafe fn optional_text<'a>(text: *const c_char, name: &str) -> Result<Option<&'a str>, Error> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: `text` is not NULL, and the caller promises the rest.
    let text = unsafe { CStr::from_ptr(text) }.to_str();
    text.map(Some).map_err(|_| Error::new(Code::MalformedRequest, format!("{name} is not UTF-8")))
}

/// Frees a text that this library returned; NULL is allowed.
///
/// # Safety
/// `text` is NULL or came from this library and was not freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_string_free(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: as the caller promises, it came from `CString::into_raw`.
        drop(unsafe { CString::from_raw(text) });
    }
}

/// The library's version, for example "1.2.3". Do not free this text.
#[unsafe(no_mangle)]
pub extern "C" fn keystead_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Checks a code while it is typed. Returns `groups` (good, open or bad), `whole`, `suggestion` and
/// `problem`; for a complete code also `payload` (24 hexadecimal digits) and `code` (in groups).
/// `kind` is `product_key`, `installation_id`, `short_confirmation` or `confirmation_line_1` to
/// `4`.
///
/// # Safety
/// Texts are NULL or end with NUL; `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_read_code(
    kind: *const c_char,
    typed: *const c_char,
    out: Option<&mut *mut c_char>,
) -> i32 {
    guard(out, || {
        // SAFETY: as the caller promises.
        let (kind, typed) = unsafe { (required_text(kind, "kind")?, required_text(typed, "typed")?) };
        let kind = kind_of(kind)?;
        let entry = Entry::read(kind, typed);
        let payload = typed_code::decode(kind, typed).ok();
        Ok(json!({
            "groups": entry.groups,
            "whole": entry.whole,
            "suggestion": entry.suggested(),
            "payload": payload.map(|payload| format!("{payload:024x}")),
            "code": payload.and_then(|payload| typed_code::encode(kind, payload)),
            "problem": typed_code::decode(kind, typed).err().as_ref().map(CodeError::to_string),
        }))
    })
}

fn kind_of(name: &str) -> Result<Kind, Error> {
    Ok(match name {
        "product_key" => Kind::ProductKey,
        "installation_id" => Kind::InstallationId,
        "short_confirmation" => Kind::ShortConfirmation,
        "confirmation_line_1" => Kind::ConfirmationLine(0),
        "confirmation_line_2" => Kind::ConfirmationLine(1),
        "confirmation_line_3" => Kind::ConfirmationLine(2),
        "confirmation_line_4" => Kind::ConfirmationLine(3),
        _ => return Err(Error::new(Code::ValueNotAllowed, format!("there is no kind {name:?}"))),
    })
}
