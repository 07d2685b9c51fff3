//! Light or dark: as the user chose in this window, else as the desktop says.

use std::path::{Path, PathBuf};

use eframe::egui::{self, Id, Theme};
use serde::{Deserialize, Serialize};

/// How the window looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Appearance {
    /// Like the desktop.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Appearance {
    /// All, in the order in which they are offered.
    pub const ALL: [Appearance; 3] = [Appearance::System, Appearance::Light, Appearance::Dark];

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Appearance::System => "Like the system",
            Appearance::Light => "Light",
            Appearance::Dark => "Dark",
        }
    }

    fn file(folder: &Path) -> PathBuf {
        folder.join("appearance.json")
    }

    /// What was chosen; anything that cannot be read is no choice.
    pub(crate) fn chosen(folder: &Path) -> Self {
        let kept = std::fs::read(Self::file(folder)).ok();
        kept.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
    }

    /// Keeps the choice; one that cannot be kept holds until the window is closed.
    pub(crate) fn keep(self, folder: &Path) {
        if let Ok(json) = serde_json::to_vec(&self) {
            let _ = std::fs::write(Self::file(folder), json);
        }
    }

    pub(crate) fn apply(self, ctx: &egui::Context) {
        ctx.data_mut(|data| data.insert_temp(Id::NULL, self));
        match self {
            Appearance::Light => ctx.set_theme(Theme::Light),
            Appearance::Dark => ctx.set_theme(Theme::Dark),
            Appearance::System => {
                ctx.set_theme(Theme::Light);
                follow_the_desktop(ctx.clone());
            }
        }
    }
}

/// Asks the desktop beside the start of the window: its answer takes as long as it takes.
#[cfg(target_os = "linux")]
fn follow_the_desktop(ctx: egui::Context) {
    let ask = move || {
        // Somebody may have chosen meanwhile.
        let still =
            |ctx: &egui::Context| ctx.data(|data| data.get_temp(Id::NULL)) == Some(Appearance::System);
        if prefers_dark().unwrap_or(false) && still(&ctx) {
            ctx.set_theme(Theme::Dark);
            ctx.request_repaint();
        }
    };
    // Without an answer the window stays light.
    let _ = std::thread::Builder::new().name("appearance".into()).spawn(ask);
}

/// The setting `color-scheme` of the desktop portal; 1 prefers dark.
#[cfg(target_os = "linux")]
fn prefers_dark() -> Option<bool> {
    let connection = zbus::blocking::Connection::session().ok()?;
    let reply = connection
        .call_method(
            Some("org.freedesktop.portal.Desktop"),
            "/org/freedesktop/portal/desktop",
            Some("org.freedesktop.portal.Settings"),
            "ReadOne",
            &("org.freedesktop.appearance", "color-scheme"),
        )
        .ok()?;
    let value: zbus::zvariant::OwnedValue = reply.body().deserialize().ok()?;
    Some(u32::try_from(value).ok()? == 1)
}

#[cfg(not(target_os = "linux"))]
fn follow_the_desktop(ctx: egui::Context) {
    ctx.set_theme(egui::ThemePreference::System);
}
