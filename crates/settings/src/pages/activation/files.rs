//! Files instead of typing: where they go and where they come from.

use std::path::PathBuf;

use eframe::egui::Ui;
use keystead::settings::{Intent, View};

use crate::pages::Wishes;
use crate::widget::{Look, button, field, link, muted};
use crate::window::Question;

/// What is half typed; empty until it was shown.
#[derive(Default)]
pub(super) struct State {
    request: String,
    license: String,
    release: Option<String>,
}

/// Below the typed way: a file to bring to the account page, and one to bring back.
pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, wishes: &mut Wishes) {
    muted(
        ui,
        "Or carry files, as on a USB stick: save one here, have it answered at the account page, and open what you get.",
    );
    suggest(&mut state.request, &format!("{}.req", slug(&view.product)));
    suggest(&mut state.license, "license.lic");
    ui.horizontal(|ui| {
        ui.vertical(|ui| field(ui, "Request file", &mut state.request, false));
        if beside(ui, "Save the request file") {
            wishes.intent = Some(Intent::SaveRequest { file: state.request.trim().into() });
        }
    });
    ui.horizontal(|ui| {
        ui.vertical(|ui| field(ui, "License file", &mut state.license, false));
        if beside(ui, "Open the license file") {
            wishes.intent = Some(Intent::OpenLicenseFile { file: state.license.trim().into() });
        }
    });
    muted(ui, "You can also drop the license file anywhere on this window.");
}

/// For a device that is activated and has no network.
pub(super) fn give_back(ui: &mut Ui, view: &View, state: &mut State, wishes: &mut Wishes) {
    let Some(release) = &mut state.release else {
        if link(ui, "No internet? Give the seat back by a file") {
            state.release = Some(String::new());
        }
        return;
    };
    suggest(release, &format!("{}-release.req", slug(&view.product)));
    ui.horizontal(|ui| {
        ui.vertical(|ui| field(ui, "Release file", release, false));
        if beside(ui, "Deactivate and save the file") {
            let text = format!(
                "{} stops being activated on this device at once. The seat is free when you bring the file to the account page.",
                view.product
            );
            let intent = Intent::ReleaseToFile { file: release.trim().into() };
            let (title, action) = ("Deactivate this device?", "Deactivate");
            wishes.question = Some(Question { title, text, action, intent });
        }
    });
}

/// A button on the height of the field beside it, which has its label above.
fn beside(ui: &mut Ui, text: &str) -> bool {
    ui.vertical(|ui| {
        ui.add_space(22.0);
        button(ui, text, Look::Plain)
    })
    .inner
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
