//! The Settings window of a product: its own program, or opened in process by an application that is written in Rust. It
//! draws a [`keystead::settings::View`] and sends [`keystead::settings::Intent`]s; everything else is the library's.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let profile = keystead::Profile::from_json(&std::fs::read("profile.json")?)?;
//! let client = keystead::Client::open(profile, keystead::default_folder()?)?;
//! keystead_settings::open(client.into(), keystead_settings::Page::Activation)?;
//! # Ok(()) }
//! ```

mod appearance;
mod navigation;
mod pages;
mod side;
mod theme;
mod when;
mod widget;
mod window;

use std::sync::Arc;

use eframe::egui::{ViewportBuilder, vec2};
use keystead::Client;

pub use appearance::Appearance;
pub use navigation::{Page, UnknownPage};
pub use window::Window;

/// The scheme of addresses that open a page: `keystead:activation`.
pub const SCHEME: &str = "keystead";

/// Opens the window on a page and gives back control once it was closed.
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
