//! The account's devices.

use eframe::egui::{RichText, Ui};
use keystead::protocol::api::DeviceView;
use keystead::settings::{Intent, View};

use super::Wishes;
use crate::theme::{palette, strong};
use crate::widget::{Card, Icon, Look, button, group, link, muted, named_button, paragraph};
use crate::window::Question;
use crate::{Page, when};

pub(super) fn show(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    if !view.signed_in {
        let lead = "Your devices are listed by your account.";
        return Card { icon: Icon::Person, title: "Sign in to see your devices", lead }.show(ui, |ui| {
            if button(ui, "Sign in", Look::Primary) {
                wishes.page = Some(Page::Accounts);
            }
        });
    }
    match &view.devices {
        None if view.work.is_some() => {}
        None => {
            paragraph(ui, "The list could not be loaded.");
            if button(ui, "Try again", Look::Plain) {
                wishes.intent = Some(Intent::ListDevices);
            }
        }
        Some(devices) if devices.is_empty() => {
            paragraph(
                ui,
                "Your account has no devices yet. Link this device's license to your account, and it is listed here.",
            );
            if button(ui, "Link the license", Look::Primary) {
                wishes.page = Some(Page::Accounts);
            }
        }
        Some(devices) => {
            let here = view.details.as_ref().map(|details| details.activation.device);
            for device in devices {
                ui.push_id(device.id, |ui| one(ui, device, here == Some(device.id), wishes));
            }
            ui.add_space(8.0);
            if link(ui, "Names and history on the web") {
                wishes.address = Some(format!("{}/devices", view.server));
            }
        }
    }
}

fn one(ui: &mut Ui, device: &DeviceView, here: bool, wishes: &mut Wishes) {
    let colors = palette(ui.ctx());
    group(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(&device.name).font(strong(15.0)));
            if here {
                ui.label(RichText::new("this device").size(13.0).color(colors.accent));
            }
        });
        muted(ui, format!("{} · last used {}", device.platform, when::moment(device.last_seen_at)))
            .on_hover_text(when::exactly(device.last_seen_at));
        for activation in &device.activations {
            ui.label(format!("{}.", activation.sentence));
        }
        let live = device.activations.iter().any(|activation| activation.code.is_none());
        if live && !here && named_button(ui, "Remove", &format!("Remove {}", device.name), Look::Danger) {
            let text = format!(
                "\"{}\" gives back its seats. The products stop there once they ask the server again, or when their \
                 certificates end. Nothing else on it is touched, and it can be activated again.",
                device.name
            );
            let (title, action) = ("Remove this device?", "Remove");
            let intent = Intent::RemoveDevice { device: device.id };
            wishes.question = Some(Question { title, text, action, intent });
        }
    });
}
