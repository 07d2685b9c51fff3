//! The choice of the proxy for the license server: the system's, none, or a custom one.

use eframe::egui::Ui;
use keystead::Proxy;
use keystead::settings::{Intent, View};

use crate::actions::Actions;
use crate::widget::{ButtonStyle, Card, Icon, button, field, muted};

#[derive(Clone, Copy, PartialEq, Eq)]
enum ProxyChoice {
    System,
    Direct,
    Custom,
}

/// Input that is not submitted yet.
#[derive(Default)]
pub(super) struct State {
    choice: Option<ProxyChoice>,
    address: String,
}

pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, actions: &mut Actions) {
    let current = match view.proxy {
        Proxy::System => ProxyChoice::System,
        Proxy::Direct => ProxyChoice::Direct,
        Proxy::Address(_) => ProxyChoice::Custom,
    };
    let choice = state.choice.get_or_insert(current);
    let lead = "How to reach the license server. The product keeps working if it can't be reached.";
    Card { icon: Icon::Globe, title: "Network", lead }.show_with(
        ui,
        |_| {},
        |ui| {
            for (value, text) in [
                (ProxyChoice::System, "Use system settings"),
                (ProxyChoice::Direct, "No proxy"),
                (ProxyChoice::Custom, "Use this proxy"),
            ] {
                ui.radio_value(choice, value, text);
            }
            if *choice == ProxyChoice::Custom {
                field(ui, "Proxy address", &mut state.address, false);
                muted(ui, "http://proxy.example:8080, or http://user:password@proxy.example:8080");
            }
            let proxy = match choice {
                ProxyChoice::System => Some(Proxy::System),
                ProxyChoice::Direct => Some(Proxy::Direct),
                ProxyChoice::Custom => {
                    let address = state.address.trim();
                    (!address.is_empty()).then(|| Proxy::Address(address.to_owned()))
                }
            };
            let ready = proxy.filter(|proxy| *proxy != view.proxy);
            ui.add_enabled_ui(ready.is_some(), |ui| {
                if button(ui, "Save and test", ButtonStyle::Plain) {
                    actions.intent = ready.map(|proxy| Intent::SetProxy { proxy });
                }
            });
        },
    );
}
