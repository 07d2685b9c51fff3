//! The page "About": versions, appearance, network, and diagnostics.

use eframe::egui::{Color32, Ui};
use keystead::Finding;
use keystead::settings::{Intent, View};

use super::network;
use crate::actions::Actions;
use crate::appearance::Appearance;
use crate::theme::palette;
use crate::widget::{ButtonStyle, Card, Icon, button, fact_row, group, muted, section};

pub(super) fn show(ui: &mut Ui, view: &View, network: &mut network::State, actions: &mut Actions) {
    group(ui, |ui| {
        fact_row(ui, "Product", &view.product, None);
        fact_row(ui, "License server", &view.server, None);
        fact_row(ui, "Program", concat!("keystead-settings ", env!("CARGO_PKG_VERSION")), None);
        fact_row(ui, "This device", &keystead::platform(), None);
    });
    Card { icon: Icon::Sun, title: "Appearance", lead: "Color theme of this window" }.show_with(
        ui,
        |_| {},
        |ui| {
            let appearance = Appearance::current(ui.ctx());
            ui.horizontal_wrapped(|ui| {
                for choice in Appearance::ALL {
                    if ui.radio(choice == appearance, choice.title()).clicked() {
                        actions.appearance = Some(choice);
                    }
                }
            });
        },
    );
    network::show(ui, view, network, actions);
    let lead = "Checks the files, clock, network, and server. The report doesn't identify you.";
    let card = Card { icon: Icon::Pulse, title: "Diagnostics", lead };
    let mut run = false;
    match &view.diagnostics {
        None => card.show(ui, |ui| run = button(ui, "Run check", ButtonStyle::Plain)),
        Some(diagnostics) => card.show_with(
            ui,
            |ui| run = button(ui, "Run again", ButtonStyle::Plain),
            |ui| {
                for finding in &diagnostics.findings {
                    line(ui, finding);
                }
                if button(ui, "Copy report", ButtonStyle::Plain) {
                    actions.copy = serde_json::to_string_pretty(diagnostics).ok();
                }
            },
        ),
    }
    if run {
        actions.intent = Some(Intent::Diagnose);
    }
    section(ui, "Keyboard");
    group(ui, |ui| {
        for (keys, action) in SHORTCUTS {
            fact_row(ui, keys, action, None);
        }
    });
}

/// The window's keyboard shortcuts, except Tab, Enter, and the arrow keys.
const SHORTCUTS: [(&str, &str); 4] = [
    ("Ctrl F", "Find a setting"),
    ("Ctrl 1 – 6", "Go to a page"),
    ("F5", "Check the activation now"),
    ("Esc", "Close a dialog"),
];

fn line(ui: &mut Ui, finding: &Finding) {
    let colors = palette(ui.ctx());
    let (word, color): (&str, Color32) =
        if finding.ok { ("OK", colors.good) } else { ("Problem", colors.warning) };
    ui.horizontal_wrapped(|ui| {
        ui.colored_label(color, word);
        ui.label(&finding.message);
    });
    if let Some(next) = &finding.next_action {
        muted(ui, next.clone());
    }
    if let Some(id) = &finding.request_id {
        muted(ui, format!("Request ID {id}"));
    }
}
