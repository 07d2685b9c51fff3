//! The wrapper of every exported function. It catches panics, and returns a number and JSON.

use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use keystead::Error;
use keystead::protocol::Code;
use serde::Serialize;

/// The place for the JSON; `None` if the caller passes NULL.
pub(crate) type Out<'a> = Option<&'a mut *mut c_char>;

/// Runs `work`, writes its result or problem to `out`, and returns the number.
pub(crate) fn guard<T: Serialize>(out: Out<'_>, work: impl FnOnce() -> Result<T, Error>) -> i32 {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let value = work()?;
        serde_json::to_string(&value).map_err(|error| Error::new(Code::Internal, error))
    }));
    let outcome = outcome.unwrap_or_else(|_| Err(Error::new(Code::Internal, "the library panicked")));
    let (number, json) = match outcome {
        Ok(json) => (0, json),
        Err(error) => (i32::from(error.code.number()), error.to_json().to_string()),
    };
    if let Some(out) = out {
        *out = into_c_string(json);
    }
    number
}

/// Converts JSON to a C string. JSON contains no NUL, because it escapes control characters.
fn into_c_string(json: String) -> *mut c_char {
    CString::new(json).map_or(ptr::null_mut(), CString::into_raw)
}

/// Returns the handle, or an error if it is NULL.
pub(crate) fn required<'a, T>(handle: Option<&'a T>, name: &str) -> Result<&'a T, Error> {
    handle.ok_or_else(|| Error::new(Code::MalformedRequest, format!("{name} is NULL")))
}

/// Writes a new handle to `place`.
pub(crate) fn store_handle<T>(place: Option<&mut *mut T>, name: &str, value: T) -> Result<(), Error> {
    let place = place.ok_or_else(|| Error::new(Code::MalformedRequest, format!("{name} is NULL")))?;
    *place = Box::into_raw(Box::new(value));
    Ok(())
}
