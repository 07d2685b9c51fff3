use std::ffi::{c_char, c_void};

use crate::client::Client;
use crate::guard::{give, guard, present};

/// Called when something changed, on any thread, with what was given for it. It must not wait.
pub type Changed = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// A callback of the host application's.
#[derive(Clone, Copy)]
pub(crate) struct Bell {
    changed: Changed,
    user: *mut c_void,
}

// SAFETY: the host promises that its callback may be called on any thread with what it gave for it.
unsafe impl Send for Bell {}
// SAFETY: as above.
unsafe impl Sync for Bell {}

impl Bell {
    pub(crate) fn new(changed: Changed, user: *mut c_void) -> Self {
        Self { changed, user }
    }

    pub(crate) fn ring(&self) {
        if let Some(changed) = self.changed {
            // SAFETY: as the host promises.
            unsafe { changed(self.user) }
        }
    }
}

/// Refreshing in the background.
pub struct Upkeep(#[allow(dead_code, reason = "ends when it is dropped")] keystead::Upkeep);

/// Refreshes from now on when it is due, on a thread of its own; `changed` is called when the state is another one, and asks
/// `keystead_status` itself. Given back with `keystead_upkeep_free`, which does not wait.
///
/// # Safety
/// `client` is NULL or open; `changed` may be called on any thread until the upkeep was given back and a call that was under
/// way is over; `upkeep` and `out` are NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_keep_fresh(
    client: Option<&Client>,
    changed: Changed,
    user: *mut c_void,
    upkeep: Option<&mut *mut Upkeep>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    let bell = Bell::new(changed, user);
    guard(out, || {
        let kept = present(client, "client")?.0.keep_fresh(move |_| bell.ring())?;
        give(upkeep, "upkeep", Upkeep(kept))
    })
}

/// Ends the refreshing; NULL is fine.
///
/// # Safety
/// `upkeep` is NULL or came from `keystead_keep_fresh` and was not given back yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_upkeep_free(upkeep: Option<Box<Upkeep>>) {
    drop(upkeep);
}
