//! The color theme, light or dark: the user's choice in this window, or the desktop's theme.

use std::path::{Path, PathBuf};

use eframe::egui::{self, Id, Theme};
use serde::{Deserialize, Serialize};

/// The window's color theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Appearance {
    /// The desktop's theme.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Appearance {
    /// All themes, in display order.
    pub const ALL: [Appearance; 3] = [Appearance::System, Appearance::Light, Appearance::Dark];

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Appearance::System => "System",
            Appearance::Light => "Light",
            Appearance::Dark => "Dark",
        }
    }

    fn file(folder: &Path) -> PathBuf {
        folder.join("appearance.json")
    }

    /// The stored choice, or the default if it cannot be read.
    pub(crate) fn load(folder: &Path) -> Self {
        let stored = std::fs::read(Self::file(folder)).ok();
        stored.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
    }

    /// Stores the choice. If storing fails, the choice applies until the window closes.
    pub(crate) fn store(self, folder: &Path) {
        if let Ok(json) = serde_json::to_vec(&self) {
            let _ = std::fs::write(Self::file(folder), json);
        }
    }

    /// The user's choice in this window.
    pub(crate) fn current(ctx: &egui::Context) -> Self {
        ctx.data(|data| data.get_temp(Id::NULL)).unwrap_or_default()
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

/// Applies the desktop's theme. Asks the desktop on a thread, so that a slow desktop does not delay
/// the window.
#[cfg(target_os = "linux")]
fn follow_the_desktop(ctx: egui::Context) {
    let ask = move || {
        // The user may have chosen a theme meanwhile.
        if prefers_dark().unwrap_or(false) && Appearance::current(&ctx) == Appearance::System {
            ctx.set_theme(Theme::Dark);
            ctx.request_repaint();
        }
    };
    // Without a response, the window stays light.
    let _ = std::thread::Builder::new().name("appearance".into()).spawn(ask);
}

/// Whether the desktop portal's `color-scheme` is 1, which means dark.
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
