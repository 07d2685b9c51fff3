//! What is stored, where, and why.

use eframe::egui::Ui;
use keystead::settings::View;

use super::Wishes;
use crate::widget::{Look, button, group, link, paragraph, section};

pub(super) fn show(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    group(ui, |ui| {
        section(ui, "What leaves this device");
        paragraph(
            ui,
            "The product key when you type it, a name for this device, its operating system, and short codes \
             computed from its hardware. The codes tell whether it is the same device; serial numbers cannot be read from \
             them and are never sent.",
        );
        section(ui, "What is kept on this device");
        paragraph(
            ui,
            "A certificate that proves the activation, a key of this device's own, and the sign-in if you \
             signed in. Nothing in them can be used on another device.",
        );
        section(ui, "What is shared");
        paragraph(
            ui,
            "Nothing is shared with anybody beside the vendor. Activation does not depend on sharing.",
        );
    });
    ui.add_space(10.0);
    if button(ui, "See, export or delete my data", Look::Plain) {
        wishes.address = Some(format!("{}/privacy", view.server));
    }
    ui.add_space(4.0);
    if link(ui, "How activation works") {
        wishes.page = Some(crate::Page::HowItWorks);
    }
}
