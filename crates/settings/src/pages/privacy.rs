//! What is stored and shared.

use eframe::egui::Ui;
use keystead::settings::View;

use crate::actions::Actions;
use crate::navigation::Page;
use crate::widget::{ButtonStyle, button, group, link, paragraph, section};

pub(super) fn show(ui: &mut Ui, view: &View, actions: &mut Actions) {
    group(ui, |ui| {
        section(ui, "What leaves this device");
        paragraph(
            ui,
            "The product key when you enter it, this device's name and operating system, and short codes computed from \
             its hardware. The codes show whether it is the same device. Serial numbers are never sent and can't be \
             recovered from the codes.",
        );
        section(ui, "What is stored on this device");
        paragraph(
            ui,
            "A certificate that proves the activation, this device's own key, and your sign-in if you're signed in. None \
             of it works on another device.",
        );
        section(ui, "What is shared");
        paragraph(ui, "Data goes to the vendor only. Activation doesn't require sharing anything else.");
    });
    ui.add_space(10.0);
    if button(ui, "View, export, or delete my data", ButtonStyle::Plain) {
        actions.address = Some(format!("{}/privacy", view.server));
    }
    ui.add_space(4.0);
    if link(ui, "How activation works") {
        actions.page = Some(Page::HowItWorks);
    }
}
