//! The page "Privacy": what is stored and shared.

use eframe::egui::Ui;
use keystead::settings::View;

use crate::actions::Actions;
use crate::navigation::Page;
use crate::widget::{ButtonStyle, button, explanations, link};

pub(super) fn show(ui: &mut Ui, view: &View, actions: &mut Actions) {
    explanations(
        ui,
        &[
            (
                "What leaves this device",
                "The product key when you enter it, this device's name and operating system, and short codes computed from \
             its hardware. The codes show whether it is the same device. Serial numbers are never sent and can't be \
             recovered from the codes.",
            ),
            (
                "What is stored on this device",
                "A certificate that proves the activation, this device's own key, and your sign-in if you're signed in. None \
             of it works on another device.",
            ),
            (
                "What is shared",
                "Data goes to the vendor only. Activation doesn't require sharing anything else.",
            ),
        ],
    );
    if button(ui, "View, export, or delete my data", ButtonStyle::Plain) {
        actions.address = Some(format!("{}/privacy", view.server));
    }
    ui.add_space(4.0);
    if link(ui, "How activation works") {
        actions.page = Some(Page::HowItWorks);
    }
}
