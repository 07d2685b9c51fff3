use eframe::egui::{Key, Ui};
use keystead::protocol::typed_code::Kind;
use keystead::settings::{Intent, Tone, View};

use crate::pages::Wishes;
use crate::widget::{Card, Icon, Look, button, key_field};

#[derive(Default)]
pub(super) struct State {
    open: bool,
    typed: String,
    /// Whether it was sent; what was typed stays until it was accepted.
    sent: bool,
}

/// Typing a product key, the first or another one.
pub(super) fn show(ui: &mut Ui, view: &View, look: Look, state: &mut State, wishes: &mut Wishes) {
    let activated = view.status.as_ref().is_some_and(|status| status.state.is_activated());
    let (title, lead, action) = if activated {
        ("Change product key", "Use a different key on this device", "Change")
    } else {
        ("Enter a product key", "The 25 characters that came with your purchase", "Enter key")
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
            if button(ui, action, look) {
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
                    if button(ui, "Activate", Look::Primary) || entry.whole && entered {
                        wishes.intent = Some(Intent::Activate { key: state.typed.clone() });
                        state.sent = true;
                    }
                });
                if button(ui, "Cancel", Look::Plain) {
                    *state = State::default();
                }
            });
        },
    );
}
