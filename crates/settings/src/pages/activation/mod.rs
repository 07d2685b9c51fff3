//! "Activation": the state in one sentence, and whatever can be done about it.

mod files;
mod hardware;
mod key;
mod offline;
mod state;

use eframe::egui::Ui;
use keystead::State as Activation;
use keystead::settings::{Intent, View};

use super::Wishes;
use crate::widget::{Card, Icon, Look, button, link};
use crate::window::Question;

pub(crate) struct State {
    /// Whether the activation state is expanded.
    open: bool,
    key: key::State,
    offline: offline::State,
    files: files::State,
}

impl Default for State {
    fn default() -> Self {
        Self {
            open: true,
            key: key::State::default(),
            offline: offline::State::default(),
            files: files::State::default(),
        }
    }
}

pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, wishes: &mut Wishes) {
    let Some(status) = &view.status else {
        let lead = "The files that are kept on this device cannot be read. Your data is untouched.";
        return Card { icon: Icon::Warning, title: "The activation state is unknown", lead }.show(ui, |ui| {
            if button(ui, "Look into it", Look::Primary) {
                wishes.page = Some(crate::Page::About);
            }
        });
    };
    state::show(ui, view, status, &mut state.open, wishes);
    let activated = status.state.is_activated();
    let first = status.state == Activation::Unlicensed;
    if !activated && !first {
        hardware::show(ui, view, Look::Primary, wishes);
    }
    key::show(ui, view, if first { Look::Primary } else { Look::Plain }, &mut state.key, wishes);
    if first {
        hardware::show(ui, view, Look::Plain, wishes);
    }
    if view.signed_in && !activated {
        by_sign_in(ui, wishes);
    }
    if activated {
        give_back(ui, view, &mut state.files, wishes);
    } else {
        offline::show(ui, view, &mut state.offline, &mut state.files, wishes);
    }
    if view.release_file {
        files::save_again(ui, view, &mut state.files, wishes);
    }
    if let Some(proof) = &view.release {
        offline::released(ui, &proof.installation_id, &proof.code, wishes);
    }
    ui.add_space(10.0);
    if link(ui, "Get help") {
        wishes.page = Some(crate::Page::HowItWorks);
    }
}

fn by_sign_in(ui: &mut Ui, wishes: &mut Wishes) {
    let lead = "Takes a free seat of a license that your account has.";
    Card { icon: Icon::Person, title: "Activate with your account", lead }.show(ui, |ui| {
        if button(ui, "Activate", Look::Plain) {
            wishes.intent = Some(Intent::ActivateBySignIn);
        }
    });
}

fn give_back(ui: &mut Ui, view: &View, files: &mut files::State, wishes: &mut Wishes) {
    let lead = "Gives the seat back, for another device to use.";
    Card { icon: Icon::Leave, title: "Deactivate this device", lead }.show(ui, |ui| {
        if button(ui, "Deactivate", Look::Danger) {
            let text = format!(
                "{} stops being activated on this device at once, and its seat is free for another. Your files stay where \
                 they are, and you can activate again as long as there is a free seat.",
                view.product
            );
            let (title, action) = ("Deactivate this device?", "Deactivate");
            let intent = if view.is_offline { Intent::ReleaseOffline } else { Intent::Deactivate };
            wishes.question = Some(Question { title, text, action, intent });
        }
    });
    if !view.is_offline {
        files::give_back(ui, view, files, wishes);
    }
}
