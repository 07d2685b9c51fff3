//! How the license server is reached: as the system says, or by a proxy that is typed here.

use eframe::egui::Ui;
use keystead::Proxy;
use keystead::settings::{Intent, View};

use super::Wishes;
use crate::widget::{Card, Icon, Look, button, field, muted};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    System,
    Direct,
    Typed,
}

/// What is half chosen.
#[derive(Default)]
pub(super) struct State {
    way: Option<Way>,
    address: String,
}

pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, wishes: &mut Wishes) {
    let current = match view.proxy {
        Proxy::System => Way::System,
        Proxy::Direct => Way::Direct,
        Proxy::Address(_) => Way::Typed,
    };
    let way = state.way.get_or_insert(current);
    let lead = "How the license server is reached. If it cannot be, the product goes on working.";
    Card { icon: Icon::Globe, title: "Network", lead }.show_with(
        ui,
        |_| {},
        |ui| {
            for (choice, text) in [
                (Way::System, "By the system's settings"),
                (Way::Direct, "Without a proxy"),
                (Way::Typed, "By this proxy"),
            ] {
                ui.radio_value(way, choice, text);
            }
            if *way == Way::Typed {
                field(ui, "Address of the proxy", &mut state.address, false);
                muted(ui, "http://proxy.example:8080, or http://user:password@proxy.example:8080");
            }
            let proxy = match way {
                Way::System => Some(Proxy::System),
                Way::Direct => Some(Proxy::Direct),
                Way::Typed => {
                    let address = state.address.trim();
                    (!address.is_empty()).then(|| Proxy::Address(address.to_owned()))
                }
            };
            let ready = proxy.filter(|proxy| *proxy != view.proxy);
            ui.add_enabled_ui(ready.is_some(), |ui| {
                if button(ui, "Use it and try", Look::Plain) {
                    wishes.intent = ready.map(|proxy| Intent::ChooseProxy { proxy });
                }
            });
        },
    );
}
