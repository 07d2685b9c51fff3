use eframe::egui::accesskit::Role;
use eframe::egui::{Response, RichText, TextEdit, Ui, WidgetText};

use crate::theme::{palette, semibold};

/// A page's title.
pub(crate) fn heading(ui: &mut Ui, text: &str) {
    let heading = ui.heading(RichText::new(text).color(palette(ui.ctx()).text));
    as_heading(ui, &heading, text, 1);
    ui.add_space(8.0);
}

/// A section's title.
pub(crate) fn section(ui: &mut Ui, text: &str) {
    ui.add_space(14.0);
    let title = ui.label(RichText::new(text).font(semibold(15.5)));
    as_heading(ui, &title, text, 2);
    ui.add_space(2.0);
}

fn as_heading(ui: &Ui, response: &Response, text: &str, level: usize) {
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Heading);
        node.set_label(text);
        node.set_level(level);
    });
}

/// Small text in a muted color.
pub(crate) fn muted(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = palette(ui.ctx()).muted;
    ui.label(RichText::new(text).size(13.0).color(color))
}

pub(crate) fn paragraph(ui: &mut Ui, text: impl Into<WidgetText>) {
    ui.label(text);
    ui.add_space(6.0);
}

/// A text field with its label above it.
pub(crate) fn field(ui: &mut Ui, label: &str, text: &mut String, secret: bool) -> Response {
    let label = ui.label(label);
    let edit = TextEdit::singleline(text).password(secret).desired_width(320.0).margin(8).char_limit(320);
    let response = ui.add(edit).labelled_by(label.id);
    if secret && let Some(mut state) = TextEdit::load_state(ui.ctx(), response.id) {
        // Undo must not bring back a previous user's password.
        state.clear_undoer();
        state.store(ui.ctx(), response.id);
    }
    response
}
