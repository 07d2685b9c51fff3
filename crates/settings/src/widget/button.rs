use eframe::egui::{Button, Color32, Response, RichText, Stroke, Ui, vec2};

use crate::theme::palette;

/// The style of a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ButtonStyle {
    /// The page's main action.
    Primary,
    /// Another action.
    Plain,
    /// A destructive action.
    Danger,
}

/// A button; `true` when it is clicked.
pub(crate) fn button(ui: &mut Ui, text: &str, style: ButtonStyle) -> bool {
    add(ui, text, style).clicked()
}

/// A button with its own accessible name, for a list of similar buttons.
pub(crate) fn named_button(ui: &mut Ui, text: &str, name: &str, style: ButtonStyle) -> bool {
    add(ui, text, style).accessible_name(name).clicked()
}

fn add(ui: &mut Ui, text: &str, style: ButtonStyle) -> Response {
    let palette = palette(ui.ctx());
    let (fill, hovered, color) = match style {
        ButtonStyle::Primary => (palette.accent, palette.accent_hovered, palette.on_accent),
        ButtonStyle::Plain => (palette.card, palette.hovered, palette.text),
        ButtonStyle::Danger => (palette.card, palette.hovered, palette.bad),
    };
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for (widget, fill) in
            [(&mut widgets.inactive, fill), (&mut widgets.hovered, hovered), (&mut widgets.active, hovered)]
        {
            widget.weak_bg_fill = fill;
            widget.fg_stroke.color = color;
            if style == ButtonStyle::Primary {
                widget.bg_stroke = Stroke::new(1.0, Color32::TRANSPARENT);
            }
        }
        ui.add(Button::new(RichText::new(text).color(color)).min_size(vec2(72.0, 34.0)))
    })
    .inner
}

/// A link; `true` when it is clicked.
pub(crate) fn link(ui: &mut Ui, text: &str) -> bool {
    ui.link(text).clicked()
}
