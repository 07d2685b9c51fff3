//! J10: how activation works, in plain words.

use eframe::egui::Ui;
use keystead::settings::View;

use super::Wishes;
use crate::widget::{group, link, paragraph, section};

pub(super) fn show(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    let product = &view.product;
    group(ui, |ui| {
        section(ui, "Activating");
        paragraph(
            ui,
            format!(
                "You type the product key once. The vendor's server checks it and gives this device a certificate: a \
             signed note that says which license this is, which features it unlocks and until when. From then on {product} reads \
             that note and needs no network."
            ),
        );
        section(ui, "Working offline");
        paragraph(
            ui,
            "Every now and then the note is renewed in the background. If the server cannot be reached, the \
             product goes on until the day shown under \"Works offline until\"; after it, one connection is enough.",
        );
        section(ui, "Changed hardware");
        paragraph(
            ui,
            "Small changes, as another disk, a docking station or more memory, pass unseen. After a large one, \
             as another motherboard, you sign in and say which of your devices this is. Name, history and seat stay.",
        );
        section(ui, "Your account");
        paragraph(
            ui,
            "Linking gives the license to your account. The product key has no power any more, so nobody who \
             finds it can use it, and you never need it again.",
        );
        section(ui, "If the vendor's server is gone");
        paragraph(
            ui,
            "What is activated goes on working as long as its note says. Whatever happens, your files are yours: \
             the product never holds them back.",
        );
    });
    ui.add_space(10.0);
    if link(ui, "Look into a problem") {
        wishes.page = Some(crate::Page::About);
    }
}
