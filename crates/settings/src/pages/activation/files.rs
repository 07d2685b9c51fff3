//! Activation with files: the request, license, and release files.

use std::path::PathBuf;

use eframe::egui::Ui;
use keystead::settings::{Intent, View};

use crate::actions::{Actions, ConfirmDialog};
use crate::widget::{ButtonStyle, Card, Icon, button, field, muted};

/// Paths that are not submitted yet.
#[derive(Default)]
pub(super) struct State {
    request: String,
    license: String,
    release: Option<String>,
    again: String,
}

/// The fields to save a request file and to open a license file.
pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, actions: &mut Actions) {
    muted(
        ui,
        "Or use files, for example on a USB drive: save a request file, upload it on the account page, and open the license file you get.",
    );
    suggest(&mut state.request, &format!("{}.req", slug(&view.product)));
    suggest(&mut state.license, "license.lic");
    field(ui, "Request file", &mut state.request, false);
    if button(ui, "Save request file", ButtonStyle::Plain) {
        actions.intent = Some(Intent::SaveRequest { file: state.request.trim().into() });
    }
    ui.add_space(6.0);
    field(ui, "License file", &mut state.license, false);
    if button(ui, "Open license file", ButtonStyle::Plain) {
        actions.intent = Some(Intent::OpenLicenseFile { file: state.license.trim().into() });
    }
    muted(ui, "You can also drop the license file on this window.");
}

/// The card that deactivates a device without a network.
pub(super) fn deactivate(ui: &mut Ui, view: &View, state: &mut State, actions: &mut Actions) {
    let lead = "For a device without internet access: a file frees its seat on the account page";
    let card = Card { icon: Icon::NoCloud, title: "Deactivate offline", lead };
    let Some(release) = &mut state.release else {
        return card.show(ui, |ui| {
            if button(ui, "Use a file", ButtonStyle::Plain) {
                let mut path = String::new();
                suggest(&mut path, &format!("{}-release.req", slug(&view.product)));
                state.release = Some(path);
            }
        });
    };
    let (mut cancel, mut ask) = (false, false);
    card.show_with(
        ui,
        |_| {},
        |ui| {
            field(ui, "Release file", release, false);
            ui.horizontal_wrapped(|ui| {
                ask = button(ui, "Deactivate and save file", ButtonStyle::Danger);
                cancel = button(ui, "Cancel", ButtonStyle::Plain);
            });
        },
    );
    if ask {
        let text = format!(
            "{} stops working on this device now. To free the seat, upload the file on the account page.",
            view.product
        );
        let intent = Intent::ReleaseToFile { file: release.trim().into() };
        let (title, action) = ("Deactivate this device?", "Deactivate");
        actions.dialog = Some(ConfirmDialog { title, text, action, intent });
    }
    if ask || cancel {
        state.release = None;
    }
}

/// The card that saves the release file of a deactivated device again.
pub(super) fn save_again(ui: &mut Ui, view: &View, state: &mut State, actions: &mut Actions) {
    suggest(&mut state.again, &format!("{}-release.req", slug(&view.product)));
    let lead = "To free the seat, upload its release file on the account page";
    Card { icon: Icon::NoCloud, title: "Free this device's seat", lead }.show_with(
        ui,
        |_| {},
        |ui| {
            field(ui, "Release file", &mut state.again, false);
            if button(ui, "Save file again", ButtonStyle::Plain) {
                actions.intent = Some(Intent::ReleaseToFile { file: state.again.trim().into() });
            }
        },
    );
}

/// Fills an empty `path` with a file in the user's Downloads folder, or in the home folder if there
/// is none.
fn suggest(path: &mut String, name: &str) {
    if path.is_empty() {
        let home = std::env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from);
        let home = home.unwrap_or_default();
        let downloads = home.join("Downloads");
        let folder = if downloads.is_dir() { downloads } else { home };
        *path = folder.join(name).display().to_string();
    }
}

/// The product's name in a form for file names.
fn slug(product: &str) -> String {
    let words = product.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-").to_lowercase();
    if slug.is_empty() { "product".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_products_name_becomes_a_files() {
        assert_eq!(slug("Studio 4: Pro!"), "studio-4-pro");
        assert_eq!(slug("スタジオ"), "product");
        assert_eq!(slug("../../etc"), "etc");
    }
}
