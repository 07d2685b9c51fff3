//! The account button and the entries of the navigation.

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Align2, FontId, Sense, Ui, WidgetInfo, pos2, vec2};
use keystead::protocol::api::initials;
use keystead::settings::View;

use crate::actions::Actions;
use crate::navigation::Page;
use crate::theme::{self, palette, semibold};
use crate::widget::Icon;

/// The signed-in account at the top of the navigation. A click opens the page "Accounts".
pub(crate) fn account_button(ui: &mut Ui, view: &View, actions: &mut Actions) {
    let colors = palette(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 60.0), Sense::click());
    let (name, below, letters) = match &view.account {
        Some(account) => (account.name.clone(), account.email.clone(), initials(&account.name)),
        None if view.signed_in => ("Signed in".to_owned(), String::new(), String::new()),
        None => ("Not signed in".to_owned(), "Sign in with an account".to_owned(), String::new()),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}, {below}")));
    if response.clicked() {
        actions.page = Some(Page::Accounts);
    }
    let painter = ui.painter();
    if response.hovered() {
        painter.rect_filled(rect, theme::CORNER, colors.hovered);
    }
    let center = pos2(rect.left() + 30.0, rect.center().y);
    painter.circle_filled(center, 26.0, colors.avatar);
    if letters.is_empty() {
        Icon::Person.paint(painter, Icon::square(center, 28.0), colors.accent);
    } else {
        painter.text(center, Align2::CENTER_CENTER, letters, semibold(18.0), colors.accent);
    }
    let (text, room) = (center.x + 40.0, rect.right() - center.x - 44.0);
    let line = |y: f32, line_text: &str, font: FontId, color| {
        let galley = painter.layout_job(single_line(line_text, font, color, room));
        painter.galley(pos2(text, rect.center().y + y - galley.size().y / 2.0), galley, color);
    };
    line(-10.0, &name, semibold(14.5), colors.text);
    line(11.0, &below, FontId::proportional(13.0), colors.muted);
}

fn single_line(text: &str, font: FontId, color: egui::Color32, room: f32) -> egui::text::LayoutJob {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(room);
    job
}

/// A navigation entry; `true` when it is clicked.
pub(crate) fn entry(ui: &mut Ui, icon: Icon, title: &str, current: bool) -> bool {
    let colors = palette(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 38.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, current, title));
    let fill = if current { colors.chosen } else { colors.hovered };
    let painter = ui.painter();
    if current || response.hovered() {
        painter.rect_filled(rect, theme::CORNER, fill);
    }
    if current {
        let bar = egui::Rect::from_min_size(pos2(rect.left(), rect.center().y - 8.0), vec2(3.0, 16.0));
        painter.rect_filled(bar, 2, colors.accent);
    }
    icon.paint(painter, Icon::square(pos2(rect.left() + 26.0, rect.center().y), 20.0), colors.text);
    let at = pos2(rect.left() + 50.0, rect.center().y);
    let galley =
        painter.layout_job(single_line(title, FontId::proportional(14.5), colors.text, rect.width() - 56.0));
    painter.galley(at - vec2(0.0, galley.size().y / 2.0), galley, colors.text);
    response.clicked()
}
