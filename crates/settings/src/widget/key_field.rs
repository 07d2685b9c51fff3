//! A field for a typed code. It checks each group while the user types, and explains mistakes.

use eframe::egui::accesskit::Live;
use eframe::egui::text::LayoutJob;
use eframe::egui::{FontId, Response, RichText, TextEdit, TextFormat, Ui};
use keystead::protocol::typed_code::{Entry, Kind, Mark, Part};

use super::{ButtonStyle, button};
use crate::theme::{Palette, palette};

/// Shows the field and checks its content.
pub(crate) fn key_field(ui: &mut Ui, kind: Kind, label: &str, typed: &mut String) -> (Response, Entry) {
    let label = ui.label(label);
    let edit = TextEdit::singleline(typed)
        .font(FontId::monospace(16.0))
        .hint_text("XXXXX-XXXXX-XXXXX-XXXXX-XXXXX")
        .desired_width(340.0)
        .char_limit(200)
        .margin(9);
    let response = ui.add(edit).labelled_by(label.id);
    let entry = Entry::read(kind, typed);
    let palette = palette(ui.ctx());
    let status = ui.horizontal_wrapped(|ui| marks(ui, &entry, &palette));
    ui.ctx().accesskit_node_builder(status.response.id, |node| node.set_live(Live::Polite));
    if let Some(parts) = &entry.suggestion {
        suggest(ui, parts, &palette, &entry, typed);
    }
    (response, entry)
}

fn marks(ui: &mut Ui, entry: &Entry, palette: &Palette) {
    if entry.whole {
        ui.label(RichText::new("No typing mistakes").size(13.0).color(palette.good));
        return;
    }
    for (number, mark) in entry.groups.iter().enumerate() {
        let number = number + 1;
        let (word, color) = match mark {
            Mark::Good => (format!("Group {number} is complete"), palette.good),
            Mark::Open => (format!("Group {number} is incomplete"), palette.muted),
            Mark::Bad => (format!("Group {number} has a mistake"), palette.bad),
        };
        ui.label(RichText::new(word).size(13.0).color(color));
    }
}

fn suggest(ui: &mut Ui, parts: &[Part], palette: &Palette, entry: &Entry, typed: &mut String) {
    ui.label("Did you mean:");
    ui.horizontal_wrapped(|ui| {
        let mut job = LayoutJob::default();
        for part in parts {
            let format = TextFormat {
                font_id: FontId::monospace(15.0),
                color: if part.changed { palette.on_accent } else { palette.text },
                background: if part.changed { palette.accent } else { palette.card },
                ..TextFormat::default()
            };
            job.append(&part.text.to_string(), 0.0, format);
        }
        ui.label(job);
        if button(ui, "Use this key", ButtonStyle::Plain)
            && let Some(suggested) = entry.suggested()
        {
            *typed = suggested;
        }
    });
}
