use std::ffi::{c_char, c_void};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use crate::client::Client;
use crate::guard::{guard, required, store_handle};

/// A callback for changes. The library calls it on any thread, with the `user` pointer that the
/// caller passed with it. It must not block.
pub type Changed = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// A callback of the host application. After `close`, it is not called any more.
#[derive(Clone)]
pub(crate) struct Callback(Arc<Host>);

struct Host {
    changed: Changed,
    user: *mut c_void,
    calls: Mutex<Calls>,
    call_ended: Condvar,
}

#[derive(Default)]
struct Calls {
    closed: bool,
    running: Vec<ThreadId>,
}

// SAFETY: the host promises that its callback may be called on any thread with its `user` pointer.
unsafe impl Send for Host {}
// SAFETY: as above; the rest is behind a mutex.
unsafe impl Sync for Host {}

impl Callback {
    pub(crate) fn new(changed: Changed, user: *mut c_void) -> Self {
        Self(Arc::new(Host { changed, user, calls: Mutex::default(), call_ended: Condvar::new() }))
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.0.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn invoke(&self) {
        let Some(changed) = self.0.changed else { return };
        let here = thread::current().id();
        {
            let mut calls = self.calls();
            if calls.closed {
                return;
            }
            calls.running.push(here);
        }
        // SAFETY: as the host promises. `close` waits for this call, so `user` is still valid.
        unsafe { changed(self.0.user) }
        let mut calls = self.calls();
        if let Some(at) = calls.running.iter().position(|thread| *thread == here) {
            calls.running.swap_remove(at);
        }
        self.0.call_ended.notify_all();
    }

    /// Prevents new calls and waits for calls on other threads. Never waits for the network.
    pub(crate) fn close(&self) {
        let here = thread::current().id();
        let mut calls = self.calls();
        calls.closed = true;
        while calls.running.iter().any(|thread| *thread != here) {
            calls = self.0.call_ended.wait(calls).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A background refresh.
pub struct AutoRefresh {
    callback: Callback,
    _refresh: keystead::AutoRefresh,
}

/// Refreshes on a background thread whenever a refresh is due. Calls `changed` when the status
/// changes; `changed` can call `keystead_status`. After `keystead_auto_refresh_free`, `changed` is
/// not called any more.
///
/// # Safety
/// `client` is NULL or open; `changed` may be called on any thread until `keystead_auto_refresh_free` returns; `auto_refresh` and `out`
/// are NULL or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_keep_fresh(
    client: Option<&Client>,
    changed: Changed,
    user: *mut c_void,
    auto_refresh: Option<&mut *mut AutoRefresh>,
    out: Option<&mut *mut c_char>,
) -> i32 {
    let callback = Callback::new(changed, user);
    guard(out, || {
        let on_change = callback.clone();
        let refresh = required(client, "client")?.0.keep_fresh(move |_| on_change.invoke())?;
        store_handle(auto_refresh, "auto_refresh", AutoRefresh { callback, _refresh: refresh })
    })
}

/// Stops the background refresh; NULL is allowed. Waits for a call of `changed` on another thread,
/// but never for the network.
///
/// # Safety
/// `auto_refresh` is NULL or came from `keystead_keep_fresh` and was not freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_auto_refresh_free(auto_refresh: Option<Box<AutoRefresh>>) {
    if let Some(auto_refresh) = auto_refresh {
        auto_refresh.callback.close();
    }
}
