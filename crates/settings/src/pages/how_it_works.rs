//! The page that explains activation in plain words.

use eframe::egui::Ui;
use keystead::settings::View;

use crate::actions::Actions;
use crate::navigation::Page;
use crate::widget::{explanations, link};

pub(super) fn show(ui: &mut Ui, view: &View, actions: &mut Actions) {
    let product = &view.product;
    let activating = format!(
        "You enter the product key once. The vendor's server checks it and gives this device a certificate: a \
             signed note with the license, the features it unlocks, and how long it is valid. From then on, {product} reads \
             that note and works without a network."
    );
    explanations(
        ui,
        &[
            ("Activating", &activating),
            (
                "Working offline",
                "The certificate is renewed in the background. If the server can't be reached, the product keeps working \
             until the day shown under \"Works offline until\". After that day, connect once to continue.",
            ),
            (
                "Changed hardware",
                "Small changes, such as a new disk, a docking station, or more memory, don't matter. After a large change, \
             such as a new motherboard, sign in and select which of your devices this is. It keeps its name, history, and \
             seat.",
            ),
            (
                "Your account",
                "Linking moves the license to your account. The product key no longer works, so it can't be misused if \
             someone finds it, and you won't need it again.",
            ),
            (
                "If the vendor's server is shut down",
                "Activated products keep working until their certificates expire. Your files are always yours: the product \
             never locks them.",
            ),
        ],
    );
    if link(ui, "Troubleshoot") {
        actions.page = Some(Page::About);
    }
}
