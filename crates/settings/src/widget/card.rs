//! Cards with a title, an explanation, and an action.

use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align, CursorIcon, Frame, Layout, Margin, Rect, RichText, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::text::{paragraph, section};

use super::Icon;
use crate::theme::{CORNER, Palette, palette};

/// The left edge of a card's text.
const TEXT_INDENT: f32 = 42.0;
/// The space for a card's action.
const ACTION_WIDTH: f32 = 190.0;
/// Below this width, the action is under the text.
const NARROW_WIDTH: f32 = 460.0;

pub(crate) struct Card<'a> {
    pub(crate) icon: Icon,
    pub(crate) title: &'a str,
    pub(crate) lead: &'a str,
}

fn frame(palette: &Palette) -> Frame {
    Frame::new()
        .fill(palette.card)
        .stroke(Stroke::new(1.0, palette.border))
        .corner_radius(CORNER)
        .inner_margin(Margin::symmetric(20, 16))
}

/// A card without a title.
pub(crate) fn group<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let shown = frame(&palette(ui.ctx())).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        content(ui)
    });
    ui.add_space(2.0);
    shown.inner
}

impl Card<'_> {
    /// Shows the card with an action.
    pub(crate) fn show(self, ui: &mut Ui, action: impl FnOnce(&mut Ui)) {
        group(ui, |ui| self.head(ui, action));
    }

    /// Shows the card with an action and more content below.
    pub(crate) fn show_with(self, ui: &mut Ui, action: impl FnOnce(&mut Ui), below: impl FnOnce(&mut Ui)) {
        group(ui, |ui| {
            self.head(ui, action);
            ui.add_space(8.0);
            indented(ui, below);
        });
    }

    fn head(self, ui: &mut Ui, action: impl FnOnce(&mut Ui)) {
        if ui.available_width() < NARROW_WIDTH {
            ui.horizontal(|ui| self.text(ui, 0.0));
            indented(ui, |ui| ui.horizontal(action));
            return;
        }
        ui.horizontal(|ui| {
            self.text(ui, ACTION_WIDTH);
            ui.with_layout(Layout::right_to_left(Align::Center), action);
        });
    }

    fn text(self, ui: &mut Ui, reserved: f32) {
        let palette = palette(ui.ctx());
        let (square, _) = ui.allocate_exact_size(vec2(TEXT_INDENT - 8.0, 40.0), Sense::hover());
        let middle = pos2(square.left() + 11.0, square.center().y);
        self.icon.paint(ui.painter(), Icon::square(middle, 22.0), palette.text);
        let width = (ui.available_width() - reserved).max(120.0);
        ui.allocate_ui_with_layout(vec2(width, 40.0), Layout::top_down(Align::LEFT), |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 3.0;
            ui.label(self.title);
            ui.label(RichText::new(self.lead).size(13.0).color(palette.muted));
        });
    }
}

fn indented<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        ui.add_space(TEXT_INDENT);
        ui.vertical(content).inner
    })
    .inner
}

/// A card that the user can expand.
pub(crate) struct Expander<'a> {
    pub(crate) icon: Icon,
    pub(crate) title: &'a str,
    pub(crate) lead: &'a str,
    /// The icon, label, and color at the right.
    pub(crate) state: (Icon, &'a str, eframe::egui::Color32),
}

impl Expander<'_> {
    /// Shows the head, and the content below it if `open`.
    pub(crate) fn show(self, ui: &mut Ui, open: &mut bool, below: impl FnOnce(&mut Ui)) {
        let palette = palette(ui.ctx());
        let outer = frame(&palette).inner_margin(Margin::ZERO);
        outer.show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            self.head(ui, open, &palette);
            if *open {
                let line = ui.cursor().left_top();
                ui.painter().hline(
                    line.x..=line.x + ui.available_width(),
                    line.y,
                    Stroke::new(1.0, palette.border),
                );
                Frame::new().inner_margin(Margin { left: 20, right: 20, top: 14, bottom: 16 }).show(
                    ui,
                    |ui| {
                        ui.set_min_width(ui.available_width());
                        indented(ui, below);
                    },
                );
            }
        });
        ui.add_space(2.0);
    }

    fn head(&self, ui: &mut Ui, open: &mut bool, palette: &Palette) {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 68.0), Sense::click());
        if response.clicked() {
            *open = !*open;
        }
        let (mark, word, color) = self.state;
        let shown = if *open { "expanded" } else { "collapsed" };
        let name = format!("{}: {word}, {shown}", self.title);
        response.widget_info(|| WidgetInfo::labeled(Role::DisclosureTriangle, true, &name));
        let opened = *open;
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_role(Role::Button);
            node.set_expanded(opened);
        });
        let response = response.on_hover_cursor(CursorIcon::PointingHand);
        let painter = ui.painter();
        if response.hovered() {
            painter.rect_filled(rect, CORNER, palette.hovered);
        }
        let left = rect.left() + 20.0;
        self.icon.paint(painter, Icon::square(pos2(left + 11.0, rect.center().y), 22.0), palette.text);
        let text = |y: f32, size: f32, text: &str, color| {
            let font = eframe::egui::FontId::proportional(size);
            painter.text(
                pos2(left + TEXT_INDENT, rect.center().y + y),
                eframe::egui::Align2::LEFT_CENTER,
                text,
                font,
                color,
            )
        };
        text(-10.0, 14.5, self.title, palette.text);
        text(10.0, 13.0, self.lead, palette.muted);
        let chevron = Icon::square(pos2(rect.right() - 30.0, rect.center().y), 18.0);
        if *open { Icon::Up } else { Icon::Down }.paint(painter, chevron, palette.text);
        let word_at = pos2(chevron.left() - 18.0, rect.center().y);
        let font = eframe::egui::FontId::proportional(14.5);
        let written: Rect =
            painter.text(word_at, eframe::egui::Align2::RIGHT_CENTER, word, font, palette.text);
        mark.paint(painter, Icon::square(pos2(written.left() - 14.0, rect.center().y), 18.0), color);
    }
}

/// Shows a name and its value, in one line or, if the space is narrow, below each other. `exact` is
/// the tooltip of the value.
pub(crate) fn fact_row(ui: &mut Ui, name: &str, value: &str, exact: Option<String>) {
    const NAME: f32 = 168.0;
    let color = palette(ui.ctx()).muted;
    let show = |ui: &mut Ui| {
        let label = ui.label(value);
        if let Some(exact) = exact {
            label.on_hover_text(exact);
        }
    };
    if ui.available_width() < 2.0 * NAME {
        ui.label(RichText::new(name).color(color));
        show(ui);
        return;
    }
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(vec2(NAME, 20.0), Layout::left_to_right(Align::TOP), |ui| {
            ui.set_min_width(NAME);
            ui.label(RichText::new(name).color(color));
        });
        show(ui);
    });
}

/// Shows headings, each with a paragraph.
pub(crate) fn explanations(ui: &mut Ui, sections: &[(&str, &str)]) {
    group(ui, |ui| {
        for (heading, text) in sections {
            section(ui, heading);
            paragraph(ui, *text);
        }
    });
    ui.add_space(10.0);
}
