use eframe::egui::Ui;
use keystead::settings::{Choice, Intent, View};

use crate::actions::Actions;
use crate::widget::{ButtonStyle, Card, Icon, button, muted, named_button};
use crate::{Page, time_format};

/// The card "I changed hardware on this device". The user selects this device from the account's
/// devices.
pub(super) fn show(ui: &mut Ui, view: &View, style: ButtonStyle, actions: &mut Actions) {
    let lead = "Move this device's activation to its changed hardware";
    let card = Card { icon: Icon::Wrench, title: "I changed hardware on this device", lead };
    let Some(choices) = view.choices.as_ref().filter(|_| view.signed_in) else {
        return card.show(ui, |ui| {
            if button(ui, "Troubleshoot", style) {
                if view.signed_in {
                    actions.intent = Some(Intent::ListChoices);
                } else {
                    actions.page = Some(Page::Accounts);
                }
            }
        });
    };
    card.show_with(
        ui,
        |_| {},
        |ui| {
            ui.label("Which device are you using right now?");
            for choice in choices {
                show_choice(ui, choice, actions);
            }
            muted(
                ui,
                "It keeps its name, history, and seat. A license allows a few hardware changes a year.",
            );
        },
    );
}

fn show_choice(ui: &mut Ui, choice: &Choice, actions: &mut Actions) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            let mark = if choice.here { " (this device before the change)" } else { "" };
            ui.label(format!("{}{mark}", choice.device_name));
            muted(
                ui,
                format!("{} · last used {}", choice.platform, time_format::relative(choice.last_used_at)),
            );
        });
        ui.add_space(16.0);
        let name = format!("This is my device: {}", choice.device_name);
        let button = |ui: &mut Ui| named_button(ui, "This is my device", &name, ButtonStyle::Primary);
        if ui.push_id(choice.activation, button).inner {
            actions.intent = Some(Intent::Reactivate { activation: choice.activation });
        }
    });
}
