//! The pages. A page draws the view and records the user's requests. It carries out nothing itself.

mod about;
mod accounts;
mod activation;
mod devices;
mod how_it_works;
mod network;
mod privacy;

use eframe::egui::Ui;
use keystead::settings::View;

use crate::actions::Actions;
use crate::navigation::Page;

/// Input that is not submitted yet.
#[derive(Default)]
pub(crate) struct Pages {
    accounts: accounts::State,
    activation: activation::State,
    network: network::State,
}

impl Pages {
    pub(crate) fn show(&mut self, page: Page, ui: &mut Ui, view: &View, actions: &mut Actions) {
        match page {
            Page::Accounts => accounts::show(ui, view, &mut self.accounts, actions),
            Page::Activation => activation::show(ui, view, &mut self.activation, actions),
            Page::Devices => devices::show(ui, view, actions),
            Page::Privacy => privacy::show(ui, view, actions),
            Page::HowItWorks => how_it_works::show(ui, view, actions),
            Page::About => about::show(ui, view, &mut self.network, actions),
        }
    }
}
