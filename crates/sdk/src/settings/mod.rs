//! The Settings window without a window: what it shows, and what its user may do. A native window of any toolkit draws a
//! [`View`], sends [`Intent`]s, and draws again when it hears that something changed. Nothing here blocks.

mod intent;
mod job;
mod notice;
mod view;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keystead_protocol::Code;

pub use intent::Intent;
pub use notice::{Notice, Tone};
pub use view::{Choice, ShownOnce, SignInStep, View, Work};

use crate::Client;
use job::Job;

/// What a window is a window on.
#[derive(Clone)]
pub struct Settings {
    shared: Arc<Shared>,
}

struct Shared {
    client: Arc<Client>,
    view: Mutex<View>,
    /// What was typed of a sign-in whose second step is awaited.
    half: Mutex<Option<crate::CodeWanted>>,
    /// The number of the latest job; an earlier one was given up and shows nothing any more.
    latest: AtomicU64,
    changed: Box<dyn Fn() + Send + Sync>,
}

impl Settings {
    /// Opens them; `changed` is called, on any thread, whenever the view is another one.
    pub fn open(client: Arc<Client>, changed: impl Fn() + Send + Sync + 'static) -> Self {
        let view = View::of(&client);
        let shared = Shared {
            client,
            view: Mutex::new(view),
            half: Mutex::default(),
            latest: AtomicU64::new(0),
            changed: Box::new(changed),
        };
        Self { shared: Arc::new(shared) }
    }

    /// What is to be shown now.
    pub fn view(&self) -> View {
        self.shared.view().clone()
    }

    /// Begins what the user wants; whatever was under way is given up. Answers at once: the view shows how it goes.
    pub fn send(&self, intent: Intent) {
        let number = self.shared.latest.fetch_add(1, Ordering::SeqCst) + 1;
        match intent {
            Intent::Dismiss => self.shared.change(|view| {
                view.work = None;
                view.notice = None;
            }),
            Intent::Cancel => {
                *self.shared.half() = None;
                self.shared.change(|view| {
                    view.sign_in = None;
                    view.disclosure = None;
                    view.offline = None;
                    view.forget_what_is_shown_once();
                    view.work = None;
                    view.notice = None;
                });
            }
            intent => self.begin(intent, number),
        }
    }

    fn begin(&self, intent: Intent, number: u64) {
        let asked = !matches!(intent, Intent::Look);
        self.shared.change(|view| {
            view.work = Some(intent.work());
            view.notice = None;
            if asked {
                view.forget_what_is_shown_once();
            }
        });
        let job = Job { shared: Arc::clone(&self.shared), number };
        let spawned =
            std::thread::Builder::new().name("keystead-settings".into()).spawn(move || job.run(intent));
        if spawned.is_err() {
            self.shared.change(|view| {
                view.work = None;
                view.notice = Some(Notice::of(&Code::StorageFailed.into()));
            });
        }
    }
}

impl Shared {
    fn view(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn half(&self) -> MutexGuard<'_, Option<crate::CodeWanted>> {
        self.half.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut View)) {
        change(&mut self.view());
        (self.changed)();
    }
}
