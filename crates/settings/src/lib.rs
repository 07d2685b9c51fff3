//! The Settings window of a product. It runs as a separate program, or a Rust application opens it
//! in its own process. It draws a [`keystead::settings::View`] and sends
//! [`keystead::settings::Intent`]s. The library does the rest.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let profile = keystead::Profile::from_json(&std::fs::read("profile.json")?)?;
//! let client = keystead::Client::open(profile, keystead::default_folder()?)?;
//! keystead_settings::open(client.into(), keystead_settings::Page::Activation)?;
//! # Ok(()) }
//! ```

mod actions;
mod appearance;
mod navigation;
mod pages;
mod sidebar;
mod theme;
mod time_format;
mod widget;
mod window;

use std::sync::Arc;

use eframe::egui::{ViewportBuilder, vec2};
use keystead::Client;

pub use appearance::Appearance;
pub use navigation::{Page, SCHEME, UnknownPage};
pub use window::Window;

/// Opens the window on a page. Returns after the window is closed.
pub fn open(client: Arc<Client>, page: Page) -> eframe::Result {
    let title = window::title(&client.profile().product_name);
    let viewport = ViewportBuilder::default()
        .with_title(title)
        .with_app_id("keystead-settings")
        .with_inner_size(vec2(1100.0, 780.0))
        .with_min_inner_size(vec2(360.0, 400.0));
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native(
        "keystead-settings",
        options,
        Box::new(|cc| Ok(Box::new(Window::new(cc, client, page)))),
    )
}
