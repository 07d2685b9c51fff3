//! Files instead of typing: where they go and where they come from.

use std::path::PathBuf;

use eframe::egui::Ui;
use keystead::settings::{Intent, View};

use crate::pages::Wishes;
use crate::widget::{Card, Icon, Look, button, field, muted};
use crate::window::Question;

/// What is half typed; empty until it was shown.
#[derive(Default)]
pub(super) struct State {
    request: String,
    license: String,
    release: Option<String>,
    again: String,
}

/// Below the typed way: a file to bring to the account page, and one to bring back.
pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, wishes: &mut Wishes) {
    muted(
        ui,
        "Or carry files, as on a USB stick: save one here, have it answered at the account page, and open what you get.",
    );
    suggest(&mut state.request, &format!("{}.req", slug(&view.product)));
    suggest(&mut state.license, "license.lic");
    field(ui, "Request file", &mut state.request, false);
    if button(ui, "Save the request file", Look::Plain) {
        wishes.intent = Some(Intent::SaveRequest { file: state.request.trim().into() });
    }
    ui.add_space(6.0);
    field(ui, "License file", &mut state.license, false);
    if button(ui, "Open the license file", Look::Plain) {
        wishes.intent = Some(Intent::OpenLicenseFile { file: state.license.trim().into() });
    }
    muted(ui, "You can also drop the license file anywhere on this window.");
}

/// For a device that is activated and has no network.
pub(super) fn give_back(ui: &mut Ui, view: &View, state: &mut State, wishes: &mut Wishes) {
    let lead = "For a device without the internet: the file frees the seat at the account page";
    let card = Card { icon: Icon::NoCloud, title: "Deactivate by a file", lead };
    let Some(release) = &mut state.release else {
        return card.show(ui, |ui| {
            if button(ui, "Use a file", Look::Plain) {
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
                ask = button(ui, "Deactivate and save the file", Look::Danger);
                cancel = button(ui, "Cancel", Look::Plain);
            });
        },
    );
    if ask {
        let text = format!(
            "{} stops being activated on this device at once. The seat is free when you bring the file to the account page.",
            view.product
        );
        let intent = Intent::ReleaseToFile { file: release.trim().into() };
        let (title, action) = ("Deactivate this device?", "Deactivate");
        wishes.question = Some(Question { title, text, action, intent });
    }
    if ask || cancel {
        state.release = None;
    }
}

/// The file of a seat that was given back, should it have been lost.
pub(super) fn save_again(ui: &mut Ui, view: &View, state: &mut State, wishes: &mut Wishes) {
    suggest(&mut state.again, &format!("{}-release.req", slug(&view.product)));
    let lead = "The seat is free once its file was brought to the account page";
    Card { icon: Icon::NoCloud, title: "Free the seat", lead }.show_with(
        ui,
        |_| {},
        |ui| {
            field(ui, "Release file", &mut state.again, false);
            if button(ui, "Save the file again", Look::Plain) {
                wishes.intent = Some(Intent::ReleaseToFile { file: state.again.trim().into() });
            }
        },
    );
}

/// Where people look for files first.
fn suggest(path: &mut String, name: &str) {
    if path.is_empty() {
        let home = std::env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from);
        let home = home.unwrap_or_default();
        let downloads = home.join("Downloads");
        let folder = if downloads.is_dir() { downloads } else { home };
        *path = folder.join(name).display().to_string();
    }
}

/// The product's name as a part of a file's.
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
