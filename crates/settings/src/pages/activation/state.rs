use eframe::egui::{RichText, Ui};
use keystead::Status;
use keystead::settings::{Intent, View};

use crate::pages::Wishes;
use crate::theme::palette;
use crate::widget::{Expander, Icon, fact, link, muted};
use crate::{Page, when};

/// The expander with the state in one sentence.
pub(super) fn show(ui: &mut Ui, view: &View, status: &Status, open: &mut bool, wishes: &mut Wishes) {
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
            why(ui, status);
            ui.add_space(4.0);
            facts(ui, view, status);
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                if link(ui, "Manage devices") {
                    wishes.page = Some(Page::Devices);
                }
                if (view.details.is_some() || view.is_offline) && link(ui, "Check now") {
                    wishes.intent = Some(Intent::CheckNow);
                }
            });
        },
    );
}

fn why(ui: &mut Ui, status: &Status) {
    let Some(code) = status.code else { return };
    if let Some(detail) = &status.detail {
        ui.label(format!("What changed: {detail}."));
    }
    if status.in_grace {
        ui.label("The product goes on working for a while.");
    }
    if let Some(next) = status.next_action {
        ui.label(next);
    }
    muted(ui, code);
}

fn facts(ui: &mut Ui, view: &View, status: &Status) {
    if let Some(details) = &view.details {
        let license = match details.license_expires_at {
            None => "Does not end".to_owned(),
            Some(end) => format!("Until {}", when::day(end)),
        };
        fact(ui, "License", &license, details.license_expires_at.map(when::exactly));
        fact(ui, "Product key ending", &format!("…{}", details.key_last_group), None);
        fact(
            ui,
            "This device",
            &format!("1 of {} device seats ({} in use)", details.seats, details.seats_used),
            None,
        );
        let checked = details.activation.refreshed_at;
        fact(ui, "Last checked", &capital(&when::moment(checked)), Some(when::exactly(checked)));
    }
    if let (Some(until), true) = (status.works_offline_until, status.state.is_activated()) {
        let days = when::days_until(until);
        let told = format!("{} ({days} days)", when::day(until));
        fact(ui, "Works offline until", &told, Some(when::exactly(until)));
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
