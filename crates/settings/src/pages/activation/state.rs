use eframe::egui::{RichText, Ui};
use keystead::Status;
use keystead::settings::{Intent, View};

use crate::actions::Actions;
use crate::navigation::Page;
use crate::theme::palette;
use crate::time_format;
use crate::widget::{Expander, Icon, fact_row, link, muted};

/// The expander that shows the activation state and its details.
pub(super) fn show(ui: &mut Ui, view: &View, status: &Status, open: &mut bool, actions: &mut Actions) {
    let colors = palette(ui.ctx());
    let activated = status.state.is_activated();
    let mark = match (activated, status.in_grace || status.code.is_some()) {
        (true, false) => (Icon::Check, "Active", colors.good),
        (true, true) => (Icon::Warning, "Active", colors.warning),
        (false, _) if status.in_grace => (Icon::Warning, "Works for now", colors.warning),
        (false, _) => (Icon::Warning, "Not active", colors.warning),
    };
    let lead = match &view.details {
        Some(details) if activated => format!("{} {}", view.product, details.edition),
        _ => view.product.clone(),
    };
    Expander { icon: Icon::Medal, title: "Activation state", lead: &lead, state: mark }.show(
        ui,
        open,
        |ui| {
            ui.label(RichText::new(format!("{}.", status.sentence)).size(15.0));
            explanation(ui, status);
            ui.add_space(4.0);
            details(ui, view, status);
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                if link(ui, "Manage devices") {
                    actions.page = Some(Page::Devices);
                }
                if (view.details.is_some() || view.is_offline) && link(ui, "Check now") {
                    actions.intent = Some(Intent::CheckNow);
                }
            });
        },
    );
}

fn explanation(ui: &mut Ui, status: &Status) {
    let Some(code) = status.code else { return };
    if let Some(detail) = &status.detail {
        ui.label(format!("What changed: {detail}."));
    }
    if status.in_grace {
        ui.label("The product keeps working for now.");
    }
    if let Some(next) = status.next_action {
        ui.label(next);
    }
    muted(ui, code);
}

fn details(ui: &mut Ui, view: &View, status: &Status) {
    if let Some(details) = &view.details {
        let license = match details.license_expires_at {
            None => "Never expires".to_owned(),
            Some(end) => format!("Expires {}", time_format::day(end)),
        };
        fact_row(ui, "License", &license, details.license_expires_at.map(time_format::exact));
        fact_row(ui, "Product key ends with", &format!("…{}", details.key_last_group), None);
        fact_row(
            ui,
            "This device",
            &format!("Uses 1 of {} seats", details.seats),
            Some(format!("{} in use", details.seats_used)),
        );
        let checked = details.activation.refreshed_at;
        fact_row(
            ui,
            "Last checked",
            &capitalized(&time_format::relative(checked)),
            Some(time_format::exact(checked)),
        );
    }
    if let (Some(until), true) = (status.works_offline_until, status.state.is_activated()) {
        let shown = format!("{} ({})", time_format::day(until), time_format::left(until));
        fact_row(ui, "Works offline until", &shown, Some(time_format::exact(until)));
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
