//! The card "Activate without the internet". It shows the Installation ID and takes the
//! confirmation.

use eframe::egui::{RichText, Ui};
use keystead::protocol::typed_code::Kind;
use keystead::settings::{Intent, View};

use super::files;
use crate::actions::Actions;
use crate::widget::{ButtonStyle, Card, Icon, Qr, button, key_field, link, muted};

#[derive(Default)]
pub(super) struct State {
    lines: [String; 4],
    qr: Qr,
}

pub(super) fn show(
    ui: &mut Ui,
    view: &View,
    state: &mut State,
    files: &mut files::State,
    actions: &mut Actions,
) {
    let lead = "Confirm an Installation ID on another device, or use files";
    let card = Card { icon: Icon::NoCloud, title: "Activate without the internet", lead };
    let Some(request) = &view.offline else {
        return card.show(ui, |ui| {
            if button(ui, "Start", ButtonStyle::Plain) {
                *state = State::default();
                actions.intent = Some(Intent::BeginOffline);
            }
        });
    };
    card.show_with(
        ui,
        |_| {},
        |ui| {
            ui.label("1. On a phone or another computer, scan the QR code, or open the address and enter the Installation ID. Support can do it for you.");
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                state.qr.show(ui, &request.address, 150.0, "QR code for the page with the Installation ID filled in");
                ui.vertical(|ui| {
                    ui.add_space(20.0);
                    ui.label("Installation ID");
                    ui.label(RichText::new(&request.installation_id).monospace().size(17.0));
                    muted(ui, format!("{}/offline", view.server));
                    if link(ui, "Copy Installation ID") {
                        actions.copy = Some(request.installation_id.clone());
                    }
                });
            });
            ui.add_space(8.0);
            let lines = request.lines.min(state.lines.len());
            ui.label(if lines == 1 { "2. Enter the line you get:" } else { "2. Enter the four lines you get:" });
            confirmation_form(ui, &mut state.lines[..lines], actions);
            if lines == 1 && link(ui, "Was this device removed? Start a new activation") {
                actions.intent = Some(Intent::RestartOffline);
            }
            ui.add_space(10.0);
            files::show(ui, view, files, actions);
        },
    );
}

fn confirmation_form(ui: &mut Ui, lines: &mut [String], actions: &mut Actions) {
    let (mut complete, short) = (true, lines.len() == 1);
    for (n, line) in lines.iter_mut().enumerate() {
        let number = u8::try_from(n).unwrap_or(u8::MAX);
        let kind = if short { Kind::ShortConfirmation } else { Kind::ConfirmationLine(number) };
        let (_, entry) = ui.push_id(n, |ui| key_field(ui, kind, &format!("Line {}", n + 1), line)).inner;
        complete &= entry.whole;
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.add_enabled_ui(complete, |ui| {
            if button(ui, "Activate", ButtonStyle::Primary) {
                actions.intent = Some(Intent::FinishOffline { lines: lines.join("\n") });
            }
        });
        if button(ui, "Cancel", ButtonStyle::Plain) {
            actions.intent = Some(Intent::Cancel);
        }
    });
}

/// The card with the release proof.
pub(super) fn release_proof(ui: &mut Ui, id: &str, code: &str, actions: &mut Actions) {
    let lead = "Enter both on the account page, on any device with internet access";
    Card { icon: Icon::NoCloud, title: "Free this device's seat", lead }.show_with(
        ui,
        |_| {},
        |ui| {
            for (name, value) in [("Installation ID", id), ("Code", code)] {
                muted(ui, name);
                ui.label(RichText::new(value).monospace().size(17.0));
            }
            if button(ui, "Copy both", ButtonStyle::Plain) {
                actions.copy = Some(format!("{id}\n{code}"));
            }
        },
    );
}
