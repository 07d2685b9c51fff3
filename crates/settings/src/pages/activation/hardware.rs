use eframe::egui::Ui;
use keystead::settings::{Choice, Intent, View};

use crate::pages::Wishes;
use crate::widget::{Card, Icon, Look, button, muted, named_button};
use crate::{Page, when};

/// "I changed hardware on this device": the account's devices, one of which is this one.
pub(super) fn show(ui: &mut Ui, view: &View, look: Look, wishes: &mut Wishes) {
    let lead = "Move the activation here from what this device was before";
    let card = Card { icon: Icon::Wrench, title: "I changed hardware on this device", lead };
    let Some(choices) = view.choices.as_ref().filter(|_| view.signed_in) else {
        return card.show(ui, |ui| {
            if button(ui, "Troubleshoot", look) {
                if view.signed_in {
                    wishes.intent = Some(Intent::ListChoices);
                } else {
                    wishes.page = Some(Page::Accounts);
                }
            }
        });
    };
    card.show_with(
        ui,
        |_| {},
        |ui| {
            ui.label("Which of your devices is the one you are using right now?");
            for choice in choices {
                offer(ui, choice, wishes);
            }
            muted(ui, "It keeps its name, history and seat. Moving is counted: a license can be moved a few times a year.");
        },
    );
}

fn offer(ui: &mut Ui, choice: &Choice, wishes: &mut Wishes) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            let mark = if choice.here { " (this device, as it was)" } else { "" };
            ui.label(format!("{}{mark}", choice.device_name));
            muted(ui, format!("{} · last used {}", choice.platform, when::moment(choice.last_used_at)));
        });
        ui.add_space(16.0);
        let name = format!("This is the device I am using now: {}", choice.device_name);
        let press = |ui: &mut Ui| named_button(ui, "This is the device", &name, Look::Primary);
        if ui.push_id(choice.activation, press).inner {
            wishes.intent = Some(Intent::Reactivate { activation: choice.activation });
        }
    });
}
