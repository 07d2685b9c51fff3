use std::ffi::{c_char, c_void};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use crate::client::Client;
use crate::guard::{give, guard, present};

/// Called when something changed, on any thread, with what was given for it. It must not wait.
pub type Changed = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// A callback of the host application's. Once it is silenced nobody is called any more, and no call is under way.
#[derive(Clone)]
pub(crate) struct Bell(Arc<Host>);

struct Host {
    changed: Changed,
    user: *mut c_void,
    calls: Mutex<Calls>,
    quiet: Condvar,
}

#[derive(Default)]
struct Calls {
    silenced: bool,
    under_way: Vec<ThreadId>,
}

// SAFETY: the host promises that its callback may be called on any thread with what it gave for it.
unsafe impl Send for Host {}
// SAFETY: as above; the rest is behind a mutex.
unsafe impl Sync for Host {}

impl Bell {
    pub(crate) fn new(changed: Changed, user: *mut c_void) -> Self {
        Self(Arc::new(Host { changed, user, calls: Mutex::default(), quiet: Condvar::new() }))
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.0.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ring(&self) {
        let Some(changed) = self.0.changed else { return };
        let here = thread::current().id();
        {
            let mut calls = self.calls();
            if calls.silenced {
                return;
            }
            calls.under_way.push(here);
        }
        // SAFETY: as the host promises, and it has not given back what is called for.
        unsafe { changed(self.0.user) }
        let mut calls = self.calls();
        if let Some(at) = calls.under_way.iter().position(|thread| *thread == here) {
            calls.under_way.swap_remove(at);
        }
        self.0.quiet.notify_all();
    }

    /// Waits for calls that are under way, but for one that this is called from; never for the network.
    pub(crate) fn silence(&self) {
        let here = thread::current().id();
        let mut calls = self.calls();
        calls.silenced = true;
        while calls.under_way.iter().any(|thread| *thread != here) {
            calls = self.0.quiet.wait(calls).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Refreshing in the background.
pub struct Upkeep {
    bell: Bell,
    _kept: keystead::Upkeep,
}

/// Refreshes from now on when it is due, on a thread of its own; `changed` is called when the state is another one, and asks
/// `keystead_status` itself. After `keystead_upkeep_free` nobody is called any more.
///
/// # Safety
/// `client` is NULL or open; `changed` may be called on any thread until the upkeep was given back; `upkeep` and `out` are NULL
/// or can be written.
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
        let ringing = bell.clone();
        let kept = present(client, "client")?.0.keep_fresh(move |_| ringing.ring())?;
        give(upkeep, "upkeep", Upkeep { bell, _kept: kept })
    })
}

/// Ends the refreshing; NULL is fine. Waits for a call of `changed` that is under way on another thread, never for the network.
///
/// # Safety
/// `upkeep` is NULL or came from `keystead_keep_fresh` and was not given back yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn keystead_upkeep_free(upkeep: Option<Box<Upkeep>>) {
    if let Some(upkeep) = upkeep {
        upkeep.bell.silence();
    }
}
