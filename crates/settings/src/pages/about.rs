//! Versions, how the window looks, and what somebody who helps needs to know.

use eframe::egui::{Color32, Ui};
use keystead::Finding;
use keystead::settings::{Intent, View};

use super::{Wishes, network};
use crate::Appearance;
use crate::theme::palette;
use crate::widget::{Card, Icon, Look, button, fact, group, muted, section};

pub(super) fn show(
    ui: &mut Ui,
    view: &View,
    by: &mut network::State,
    appearance: Appearance,
    wishes: &mut Wishes,
) {
    group(ui, |ui| {
        fact(ui, "Product", &view.product, None);
        fact(ui, "License server", &view.server, None);
        fact(ui, "This window", concat!("keystead-settings ", env!("CARGO_PKG_VERSION")), None);
        fact(ui, "This device", &keystead::platform(), None);
    });
    Card { icon: Icon::Sun, title: "Appearance", lead: "How this window looks" }.show_with(
        ui,
        |_| {},
        |ui| {
            ui.horizontal_wrapped(|ui| {
                for choice in Appearance::ALL {
                    if ui.radio(choice == appearance, choice.title()).clicked() {
                        wishes.appearance = Some(choice);
                    }
                }
            });
        },
    );
    network::show(ui, view, by, wishes);
    let lead = "Looks at the files, the clock, the network and the server. Nothing in it names you.";
    let card = Card { icon: Icon::Pulse, title: "Diagnostics", lead };
    let mut look = false;
    match &view.diagnostics {
        None => card.show(ui, |ui| look = button(ui, "Look", Look::Plain)),
        Some(diagnostics) => card.show_with(
            ui,
            |ui| look = button(ui, "Look again", Look::Plain),
            |ui| {
                for finding in &diagnostics.findings {
                    line(ui, finding);
                }
                if button(ui, "Copy the report", Look::Plain) {
                    wishes.copy = serde_json::to_string_pretty(diagnostics).ok();
                }
            },
        ),
    }
    if look {
        wishes.intent = Some(Intent::Diagnose);
    }
    section(ui, "Keyboard");
    group(ui, |ui| {
        for (keys, what) in SHORTCUTS {
            fact(ui, keys, what, None);
        }
    });
}

/// What the window does by keys, beside Tab, Enter and the arrows.
const SHORTCUTS: [(&str, &str); 4] = [
    ("Ctrl F", "Find a setting"),
    ("Ctrl 1 to 6", "Go to a page"),
    ("F5", "Check with the server now"),
    ("Esc", "Answer a question with \"Cancel\""),
];

fn line(ui: &mut Ui, finding: &Finding) {
    let colors = palette(ui.ctx());
    let (word, color): (&str, Color32) =
        if finding.ok { ("Fine", colors.good) } else { ("Trouble", colors.warning) };
    ui.horizontal_wrapped(|ui| {
        ui.colored_label(color, word);
        ui.label(&finding.told);
    });
    if let Some(next) = &finding.next_action {
        muted(ui, next.clone());
    }
    if let Some(id) = &finding.request_id {
        muted(ui, format!("Request ID {id}"));
    }
}
