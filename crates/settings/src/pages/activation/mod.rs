//! The page "Activation": the activation state and the actions that change it.

mod files;
mod hardware;
mod key;
mod offline;
mod state;

use eframe::egui::Ui;
use keystead::State as Activation;
use keystead::settings::{Intent, View};

use crate::actions::{Actions, ConfirmDialog};
use crate::navigation::Page;
use crate::widget::{ButtonStyle, Card, Icon, button, link};

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

pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, actions: &mut Actions) {
    let Some(status) = &view.status else {
        let lead = "The activation files on this device can't be read. Your own files aren't affected.";
        return Card { icon: Icon::Warning, title: "Activation state unknown", lead }.show(ui, |ui| {
            if button(ui, "Troubleshoot", ButtonStyle::Primary) {
                actions.page = Some(Page::About);
            }
        });
    };
    state::show(ui, view, status, &mut state.open, actions);
    let activated = status.state.is_activated();
    let first = status.state == Activation::Unlicensed;
    if !activated && !first {
        hardware::show(ui, view, ButtonStyle::Primary, actions);
    }
    key::show(
        ui,
        view,
        if first { ButtonStyle::Primary } else { ButtonStyle::Plain },
        &mut state.key,
        actions,
    );
    if first {
        hardware::show(ui, view, ButtonStyle::Plain, actions);
    }
    if view.signed_in && !activated {
        by_sign_in(ui, actions);
    }
    if activated {
        deactivate(ui, view, &mut state.files, actions);
    } else {
        offline::show(ui, view, &mut state.offline, &mut state.files, actions);
    }
    if view.release_file {
        files::save_again(ui, view, &mut state.files, actions);
    }
    if let Some(proof) = &view.release {
        offline::release_proof(ui, &proof.installation_id, &proof.code, actions);
    }
    ui.add_space(10.0);
    if link(ui, "Get help") {
        actions.page = Some(Page::HowItWorks);
    }
}

fn by_sign_in(ui: &mut Ui, actions: &mut Actions) {
    let lead = "Uses a free seat of a license in your account.";
    Card { icon: Icon::Person, title: "Activate with your account", lead }.show(ui, |ui| {
        if button(ui, "Activate", ButtonStyle::Plain) {
            actions.intent = Some(Intent::ActivateBySignIn);
        }
    });
}

fn deactivate(ui: &mut Ui, view: &View, files: &mut files::State, actions: &mut Actions) {
    let lead = "Frees a seat for another device.";
    Card { icon: Icon::Exit, title: "Deactivate this device", lead }.show(ui, |ui| {
        if button(ui, "Deactivate", ButtonStyle::Danger) {
            let text = format!(
                "{} stops working on this device now, and its seat is free for another device. Your files stay where they \
                 are, and you can activate again while a seat is free.",
                view.product
            );
            let (title, action) = ("Deactivate this device?", "Deactivate");
            let intent = if view.is_offline { Intent::ReleaseOffline } else { Intent::Deactivate };
            actions.dialog = Some(ConfirmDialog { title, text, action, intent });
        }
    });
    if !view.is_offline {
        files::deactivate(ui, view, files, actions);
    }
}
