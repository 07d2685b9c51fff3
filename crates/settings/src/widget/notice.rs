use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    Align, Frame, Layout, Margin, RichText, Sense, Spinner, Stroke, Ui, UiBuilder, pos2, vec2,
};
use keystead::settings::{Notice, Tone};

use super::{ButtonStyle, Icon, button};
use crate::theme::{CORNER, palette};

/// Shows a notice, with its code in small print; `true` when the user closes it.
pub(crate) fn notice(ui: &mut Ui, notice: &Notice) -> bool {
    let palette = palette(ui.ctx());
    let (icon, color) = match notice.tone {
        Tone::Done => (Icon::Check, palette.good),
        Tone::Offline => (Icon::NoCloud, palette.muted),
        Tone::Problem => (Icon::Warning, palette.warning),
    };
    let mut dismissed = false;
    let builder = UiBuilder::new().accessibility_role(Role::Group).accessibility_label("Notice");
    let shown = ui.scope_builder(builder, |ui| {
        let frame = Frame::new()
            .fill(palette.card)
            .stroke(Stroke::new(1.0, color))
            .corner_radius(CORNER)
            .inner_margin(Margin::symmetric(16, 12));
        frame.show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal_top(|ui| {
                let (square, _) = ui.allocate_exact_size(vec2(28.0, 22.0), Sense::hover());
                icon.paint(
                    ui.painter(),
                    Icon::square(pos2(square.left() + 10.0, square.center().y), 20.0),
                    color,
                );
                let width = (ui.available_width() - 100.0).max(120.0);
                ui.allocate_ui_with_layout(vec2(width, 22.0), Layout::top_down(Align::LEFT), |ui| {
                    ui.set_width(width);
                    notice_text(ui, notice, palette.muted);
                });
                ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
                    dismissed = button(ui, "Close", ButtonStyle::Plain);
                });
            });
        });
    });
    ui.ctx().accesskit_node_builder(shown.response.id, |node| node.set_live(Live::Polite));
    ui.add_space(6.0);
    dismissed
}

fn notice_text(ui: &mut Ui, notice: &Notice, muted: eframe::egui::Color32) {
    ui.label(&notice.sentence);
    if let Some(next) = &notice.next_action {
        ui.label(next);
    }
    let small = |text: String| RichText::new(text).size(12.5).color(muted);
    if let Some(detail) = &notice.detail {
        ui.label(small(detail.clone()));
    }
    if let Some(code) = notice.code {
        ui.label(small(format!("{code} ({})", code.number())));
    }
    if let Some(id) = &notice.request_id {
        ui.label(small(format!("Request ID {id}")));
    }
}

/// Shows a running action; `true` when the user cancels it.
pub(crate) fn progress(ui: &mut Ui, sentence: &str) -> bool {
    ui.horizontal(|ui| {
        ui.add(Spinner::new().size(18.0)).accessible_name(sentence);
        ui.label(format!("{sentence}…"));
        button(ui, "Cancel", ButtonStyle::Plain)
    })
    .inner
}
