//! The page "Accounts": the signed-in account and the license's owner.

mod link;
mod sign_in;

use eframe::egui::{RichText, Sense, Ui, vec2};
use keystead::State as Activation;
use keystead::protocol::api::initials;
use keystead::settings::{Intent, View};

use crate::actions::{Actions, ConfirmDialog};
use crate::theme::{palette, semibold};
use crate::widget::{ButtonStyle, Card, Icon, button, group, link, muted, section};

#[derive(Default)]
pub(crate) struct State {
    sign_in: sign_in::State,
    agreed: bool,
}

pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, actions: &mut Actions) {
    section(ui, "Your info");
    if let Some(key) = &view.new_key {
        new_key(ui, &key.0, actions);
    }
    if !view.signed_in {
        state.agreed = false;
        sign_in::show(ui, view, &mut state.sign_in, actions);
        return;
    }
    state.sign_in = sign_in::State::default();
    account_card(ui, view);
    let activation = view.status.as_ref().map(|status| status.state);
    if let Some(disclosure) = &view.disclosure {
        link::ask(ui, disclosure, &mut state.agreed, actions);
    } else if activation == Some(Activation::Activated) {
        link::offer(ui, actions);
    }
    if activation == Some(Activation::ActivatedLinked) {
        unlink(ui, view, actions);
    }
    Card { icon: Icon::Exit, title: "Sign out", lead: "The product stays activated on this device." }.show(
        ui,
        |ui| {
            if button(ui, "Sign out", ButtonStyle::Plain) {
                actions.intent = Some(Intent::SignOut);
            }
        },
    );
    ui.add_space(10.0);
    if link(ui, "Manage your account on the web") {
        actions.address = Some(format!("{}/account", view.server));
    }
}

fn account_card(ui: &mut Ui, view: &View) {
    let Some(account) = &view.account else {
        muted(ui, "You're signed in. Your name appears once the server can be reached.");
        return;
    };
    let colors = palette(ui.ctx());
    group(ui, |ui| {
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(72.0, 72.0), Sense::hover());
            let painter = ui.painter();
            painter.circle_filled(rect.center(), 34.0, colors.avatar);
            let align = eframe::egui::Align2::CENTER_CENTER;
            painter.text(rect.center(), align, initials(&account.name), semibold(24.0), colors.accent);
            ui.vertical(|ui| {
                ui.add_space(12.0);
                ui.label(RichText::new(&account.name).font(semibold(18.0)));
                ui.label(RichText::new(&account.email).color(colors.muted));
            });
        });
    });
}

fn unlink(ui: &mut Ui, view: &View, actions: &mut Actions) {
    let lead = "The license leaves your account and gets a new product key.";
    Card { icon: Icon::Link, title: "Unlink license", lead }.show(ui, |ui| {
        if button(ui, "Unlink license", ButtonStyle::Danger) {
            let text = format!(
                "{} stays activated on its devices. The license leaves your account and gets a new product key, which is \
                 shown once. Anyone who has that key can claim the license.",
                view.product
            );
            let (title, action) = ("Unlink this license?", "Unlink license");
            actions.dialog = Some(ConfirmDialog { title, text, action, intent: Intent::Unlink });
        }
    });
}

fn new_key(ui: &mut Ui, key: &str, actions: &mut Actions) {
    group(ui, |ui| {
        ui.label("Your new product key. Save it now; it's shown only once.");
        ui.label(RichText::new(key).monospace().size(18.0));
        if button(ui, "Copy key", ButtonStyle::Primary) {
            actions.copy = Some(key.to_owned());
        }
    });
}
