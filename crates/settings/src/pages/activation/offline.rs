//! "Activate without the internet": what is shown here is confirmed elsewhere, and what comes back is typed here.

use eframe::egui::{RichText, Ui};
use keystead::protocol::typed_code::Kind;
use keystead::settings::{Intent, View};

use super::files;
use crate::pages::Wishes;
use crate::widget::{Card, Icon, Look, Qr, button, key_field, link, muted};

#[derive(Default)]
pub(super) struct State {
    lines: [String; 4],
    qr: Qr,
}

pub(super) fn show(
    ui: &mut Ui,
    view: &View,
    state: &mut State,
    by_files: &mut files::State,
    wishes: &mut Wishes,
) {
    let lead = "Show an Installation ID and type what confirms it, or carry files";
    let card = Card { icon: Icon::NoCloud, title: "Activate without the internet", lead };
    let Some(request) = &view.offline else {
        return card.show(ui, |ui| {
            if button(ui, "Start", Look::Plain) {
                *state = State::default();
                wishes.intent = Some(Intent::BeginOffline);
            }
        });
    };
    card.show_with(
        ui,
        |_| {},
        |ui| {
            ui.label("1. On a phone or another computer, scan this or open the address, and type the Installation ID there. Support can do it too.");
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                state.qr.show(ui, &request.address, 150.0, "QR code that leads to the page with the Installation ID filled in");
                ui.vertical(|ui| {
                    ui.add_space(20.0);
                    ui.label("Installation ID");
                    ui.label(RichText::new(&request.installation_id).monospace().size(17.0));
                    muted(ui, format!("{}/offline", view.server));
                    if link(ui, "Copy the Installation ID") {
                        wishes.copy = Some(request.installation_id.clone());
                    }
                });
            });
            ui.add_space(8.0);
            let lines = request.lines.min(state.lines.len());
            ui.label(if lines == 1 { "2. Type the line that you get:" } else { "2. Type the four lines that you get:" });
            type_lines(ui, &mut state.lines[..lines], wishes);
            if lines == 1 && link(ui, "This device was removed? Ask for a new activation") {
                wishes.intent = Some(Intent::BeginOfflineAnew);
            }
            ui.add_space(10.0);
            files::show(ui, view, by_files, wishes);
        },
    );
}

fn type_lines(ui: &mut Ui, lines: &mut [String], wishes: &mut Wishes) {
    let (mut whole, short) = (true, lines.len() == 1);
    for (n, line) in lines.iter_mut().enumerate() {
        let number = u8::try_from(n).unwrap_or(u8::MAX);
        let kind = if short { Kind::ShortConfirmation } else { Kind::ConfirmationLine(number) };
        let (_, entry) = ui.push_id(n, |ui| key_field(ui, kind, &format!("Line {}", n + 1), line)).inner;
        whole &= entry.whole;
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.add_enabled_ui(whole, |ui| {
            if button(ui, "Activate", Look::Primary) {
                wishes.intent = Some(Intent::FinishOffline { lines: lines.join("\n") });
            }
        });
        if button(ui, "Cancel", Look::Plain) {
            wishes.intent = Some(Intent::Cancel);
        }
    });
}

/// The proof that the seat was given back.
pub(super) fn released(ui: &mut Ui, id: &str, code: &str, wishes: &mut Wishes) {
    let lead = "Type both at the account page, on any device with a network";
    Card { icon: Icon::NoCloud, title: "Free the seat", lead }.show_with(
        ui,
        |_| {},
        |ui| {
            for (name, value) in [("Installation ID", id), ("Code", code)] {
                muted(ui, name);
                ui.label(RichText::new(value).monospace().size(17.0));
            }
            if button(ui, "Copy both", Look::Plain) {
                wishes.copy = Some(format!("{id}\n{code}"));
            }
        },
    );
}
