use eframe::egui::{Button, Color32, Response, RichText, Stroke, Ui, vec2};

use crate::theme::palette;

/// How a button is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// The one thing to do next.
    Primary,
    /// Something that may be done.
    Plain,
    /// Something that ends something.
    Danger,
}

/// A button; `true` when it is pressed.
pub(crate) fn button(ui: &mut Ui, text: &str, look: Look) -> bool {
    add(ui, text, look).clicked()
}

/// A button among many of its kind, with a name that tells it apart for those who hear it.
pub(crate) fn named_button(ui: &mut Ui, text: &str, name: &str, look: Look) -> bool {
    add(ui, text, look).accessible_name(name).clicked()
}

fn add(ui: &mut Ui, text: &str, look: Look) -> Response {
    let palette = palette(ui.ctx());
    let (fill, hovered, color) = match look {
        Look::Primary => (palette.accent, palette.accent_hovered, palette.on_accent),
        Look::Plain => (palette.card, palette.hovered, palette.text),
        Look::Danger => (palette.card, palette.hovered, palette.bad),
    };
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for (widget, fill) in
            [(&mut widgets.inactive, fill), (&mut widgets.hovered, hovered), (&mut widgets.active, hovered)]
        {
            widget.weak_bg_fill = fill;
            widget.fg_stroke.color = color;
            if look == Look::Primary {
                widget.bg_stroke = Stroke::new(1.0, Color32::TRANSPARENT);
            }
        }
        ui.add(Button::new(RichText::new(text).color(color)).min_size(vec2(72.0, 34.0)))
    })
    .inner
}

/// Something that reads like text and leads on; `true` when it is pressed.
pub(crate) fn link(ui: &mut Ui, text: &str) -> bool {
    ui.link(text).clicked()
}
