//! The state that the window's thread and the jobs share.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::view::View;
use crate::{Client, MfaChallenge};

pub(super) struct Shared {
    pub(super) client: Arc<Client>,
    view: Mutex<View>,
    /// The password sign-in that waits for its second factor.
    mfa_challenge: Mutex<Option<MfaChallenge>>,
    /// The latest job's number. Earlier jobs are cancelled and must not change the view.
    pub(super) latest: AtomicU64,
    changed: Box<dyn Fn() + Send + Sync>,
}

impl Shared {
    pub(super) fn new(client: Arc<Client>, changed: impl Fn() + Send + Sync + 'static) -> Self {
        let view = View::of(&client);
        Self {
            client,
            view: Mutex::new(view),
            mfa_challenge: Mutex::default(),
            latest: AtomicU64::new(0),
            changed: Box::new(changed),
        }
    }

    pub(super) fn view(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn mfa_challenge(&self) -> MutexGuard<'_, Option<MfaChallenge>> {
        self.mfa_challenge.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut View)) {
        change(&mut self.view());
        (self.changed)();
    }
}
