use eframe::egui::{Key, Ui};
use keystead::protocol::typed_code::Kind;
use keystead::settings::{Intent, Tone, View};

use crate::actions::Actions;
use crate::widget::{ButtonStyle, Card, Icon, button, key_field};

#[derive(Default)]
pub(super) struct State {
    open: bool,
    typed: String,
    /// Whether the key was sent. The input stays until the key is accepted.
    sent: bool,
}

/// The card to enter the first product key or a different one.
pub(super) fn show(ui: &mut Ui, view: &View, style: ButtonStyle, state: &mut State, actions: &mut Actions) {
    let activated = view.status.as_ref().is_some_and(|status| status.state.is_activated());
    let (title, lead, action) = if activated {
        ("Change product key", "Use a different key on this device", "Change key")
    } else {
        ("Enter a product key", "The 25-character key that came with your purchase", "Enter key")
    };
    if state.sent && view.work.is_none() {
        match &view.notice {
            Some(notice) if notice.tone == Tone::Done => *state = State::default(),
            _ => state.sent = false,
        }
    }
    let card = Card { icon: Icon::Key, title, lead };
    if !state.open {
        return card.show(ui, |ui| {
            if button(ui, action, style) {
                state.open = true;
            }
        });
    }
    card.show_with(
        ui,
        |_| {},
        |ui| {
            let (field, entry) = key_field(ui, Kind::ProductKey, "Product key", &mut state.typed);
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.add_space(6.0);
            ui.horizontal(|ui| {
                ui.add_enabled_ui(entry.whole, |ui| {
                    if button(ui, "Activate", ButtonStyle::Primary) || entry.whole && entered {
                        actions.intent = Some(Intent::Activate { key: state.typed.clone() });
                        state.sent = true;
                    }
                });
                if button(ui, "Cancel", ButtonStyle::Plain) {
                    *state = State::default();
                }
            });
        },
    );
}
