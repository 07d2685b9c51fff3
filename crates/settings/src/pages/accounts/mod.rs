//! "Accounts > Your info": who is signed in, and whose the license is.

mod link;
mod sign_in;

use eframe::egui::{RichText, Sense, Ui, vec2};
use keystead::State as Activation;
use keystead::protocol::api::initials;
use keystead::settings::{Intent, View};

use super::Wishes;
use crate::theme::{palette, strong};
use crate::widget::{Card, Icon, Look, button, group, link, muted, section};
use crate::window::Question;

#[derive(Default)]
pub(crate) struct State {
    sign_in: sign_in::State,
    agreed: bool,
}

pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, wishes: &mut Wishes) {
    section(ui, "Your info");
    if let Some(key) = &view.new_key {
        new_key(ui, &key.0, wishes);
    }
    if !view.signed_in {
        state.agreed = false;
        sign_in::show(ui, view, &mut state.sign_in, wishes);
        return;
    }
    state.sign_in = sign_in::State::default();
    who(ui, view);
    let activation = view.status.as_ref().map(|status| status.state);
    if let Some(disclosure) = &view.disclosure {
        link::ask(ui, disclosure, &mut state.agreed, wishes);
    } else if activation == Some(Activation::Activated) {
        link::offer(ui, wishes);
    }
    if activation == Some(Activation::ActivatedLinked) {
        unlink(ui, view, wishes);
    }
    Card {
        icon: Icon::Leave,
        title: "Sign out",
        lead: "Ends the sign-in on this device. The product stays activated.",
    }
    .show(ui, |ui| {
        if button(ui, "Sign out", Look::Plain) {
            wishes.intent = Some(Intent::SignOut);
        }
    });
    ui.add_space(10.0);
    if link(ui, "Manage your account on the web") {
        wishes.address = Some(format!("{}/account", view.server));
    }
}

fn who(ui: &mut Ui, view: &View) {
    let Some(account) = &view.account else {
        muted(ui, "You are signed in. Your name is shown once the server was reached.");
        return;
    };
    let colors = palette(ui.ctx());
    group(ui, |ui| {
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(72.0, 72.0), Sense::hover());
            let painter = ui.painter();
            painter.circle_filled(rect.center(), 34.0, colors.avatar);
            let align = eframe::egui::Align2::CENTER_CENTER;
            painter.text(rect.center(), align, initials(&account.name), strong(24.0), colors.accent);
            ui.vertical(|ui| {
                ui.add_space(12.0);
                ui.label(RichText::new(&account.name).font(strong(18.0)));
                ui.label(RichText::new(&account.email).color(colors.muted));
            });
        });
    });
}

fn unlink(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    let lead = "The license leaves your account and gets a new product key.";
    Card { icon: Icon::Link, title: "Unlink this device's license", lead }.show(ui, |ui| {
        if button(ui, "Unlink", Look::Danger) {
            let text = format!(
                "{} stays activated on its devices. Your account no longer keeps the license: you get a new product key, \
                 shown once, and whoever has that key can claim the license.",
                view.product
            );
            let (title, action) = ("Unlink the license?", "Unlink");
            wishes.question = Some(Question { title, text, action, intent: Intent::Unlink });
        }
    });
}

fn new_key(ui: &mut Ui, key: &str, wishes: &mut Wishes) {
    group(ui, |ui| {
        ui.label("The new product key, shown this once. Keep it where you find it again:");
        ui.label(RichText::new(key).monospace().size(18.0));
        if button(ui, "Copy", Look::Primary) {
            wishes.copy = Some(key.to_owned());
        }
    });
}
