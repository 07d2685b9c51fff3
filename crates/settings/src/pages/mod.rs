//! What each page says and offers. A page reads the view and says what its user wishes; it does nothing itself.

mod about;
mod accounts;
mod activation;
mod devices;
mod how_it_works;
mod network;
mod privacy;

use eframe::egui::Ui;
use keystead::settings::{Intent, View};

use crate::window::Question;
use crate::{Appearance, Page};

/// What the user wishes, after a page was shown.
#[derive(Default)]
pub(crate) struct Wishes {
    pub(crate) intent: Option<Intent>,
    pub(crate) question: Option<Question>,
    pub(crate) page: Option<Page>,
    /// To be opened in the browser.
    pub(crate) address: Option<String>,
    /// To be put into the clipboard.
    pub(crate) copy: Option<String>,
    pub(crate) appearance: Option<Appearance>,
}

/// What is half typed on the pages.
#[derive(Default)]
pub(crate) struct Pages {
    accounts: accounts::State,
    activation: activation::State,
    network: network::State,
}

impl Pages {
    pub(crate) fn show(
        &mut self,
        page: Page,
        ui: &mut Ui,
        view: &View,
        appearance: Appearance,
        wishes: &mut Wishes,
    ) {
        match page {
            Page::Accounts => accounts::show(ui, view, &mut self.accounts, wishes),
            Page::Activation => activation::show(ui, view, &mut self.activation, wishes),
            Page::Devices => devices::show(ui, view, wishes),
            Page::Privacy => privacy::show(ui, view, wishes),
            Page::HowItWorks => how_it_works::show(ui, view, wishes),
            Page::About => about::show(ui, view, &mut self.network, appearance, wishes),
        }
    }
}
