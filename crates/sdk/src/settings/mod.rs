//! The logic of the Settings window, without a user interface. A window of any toolkit draws a
//! [`View`], sends [`Intent`]s, and redraws when the view changes. No function waits for the
//! network.

mod intent;
mod job;
mod notice;
mod shared;
mod view;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use keystead_protocol::Code;

pub use intent::Intent;
pub use notice::{Notice, Tone};
pub use view::{Choice, ShownOnce, SignInStep, View, Work};

use crate::Client;
use job::Job;
use shared::Shared;

/// The state of a Settings window.
#[derive(Clone)]
pub struct Settings {
    shared: Arc<Shared>,
}

impl Settings {
    /// Opens the settings. Calls `changed` on any thread whenever the view changes.
    pub fn open(client: Arc<Client>, changed: impl Fn() + Send + Sync + 'static) -> Self {
        Self { shared: Arc::new(Shared::new(client, changed)) }
    }

    /// The current view.
    pub fn view(&self) -> View {
        self.shared.view().clone()
    }

    /// Starts an action and cancels the running one. Returns at once; the view shows the progress.
    pub fn send(&self, intent: Intent) {
        let number = self.shared.latest.fetch_add(1, Ordering::SeqCst) + 1;
        match intent {
            Intent::Dismiss => self.shared.change(|view| {
                view.work = None;
                view.notice = None;
            }),
            Intent::Cancel => {
                *self.shared.mfa_challenge() = None;
                self.shared.change(|view| {
                    view.sign_in = None;
                    view.disclosure = None;
                    view.offline = None;
                    view.clear_secrets();
                    view.work = None;
                    view.notice = None;
                });
            }
            intent => self.begin(intent, number),
        }
    }

    fn begin(&self, intent: Intent, number: u64) {
        let by_user = !matches!(intent, Intent::Load);
        self.shared.change(|view| {
            view.work = Some(intent.work());
            view.notice = None;
            if by_user {
                view.clear_secrets();
            }
        });
        let job = Job { shared: Arc::clone(&self.shared), number };
        let spawned =
            std::thread::Builder::new().name("keystead-settings".into()).spawn(move || job.run(intent));
        if spawned.is_err() {
            self.shared.change(|view| {
                view.work = None;
                view.notice = Some(Notice::from_error(&Code::StorageFailed.into()));
            });
        }
    }
}
