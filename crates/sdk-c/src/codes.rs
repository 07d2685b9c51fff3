use std::ffi::c_char;

use keystead::Error;
use keystead::protocol::Code;
use serde_json::json;

use crate::guard::guard;

/// The `name`, `cause` and `next_action` of the code with this number.
///
/// # Safety
/// `out` is NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_code(number: i32, out: Option<&mut *mut c_char>) -> i32 {
    guard(out, || {
        let found = Code::ALL.iter().find(|code| i32::from(code.number()) == number);
        let code = found.ok_or_else(|| Error::new(Code::NotFound, format!("there is no code {number}")))?;
        Ok(json!({ "name": code.name(), "cause": code.cause(), "next_action": code.next_action() }))
    })
}
