//! The page "Devices": the account's devices.

use eframe::egui::{RichText, Ui};
use keystead::protocol::api::DeviceView;
use keystead::settings::{Intent, View};

use crate::actions::{Actions, ConfirmDialog};
use crate::navigation::Page;
use crate::theme::{palette, semibold};
use crate::time_format;
use crate::widget::{ButtonStyle, Card, Icon, button, group, link, muted, named_button, paragraph};

pub(super) fn show(ui: &mut Ui, view: &View, actions: &mut Actions) {
    if !view.signed_in {
        let lead = "Your account keeps the list of your devices.";
        return Card { icon: Icon::Person, title: "Sign in to see your devices", lead }.show(ui, |ui| {
            if button(ui, "Sign in", ButtonStyle::Primary) {
                actions.page = Some(Page::Accounts);
            }
        });
    }
    match &view.devices {
        None if view.work.is_some() => {}
        None => {
            paragraph(ui, "The devices couldn't be loaded.");
            if button(ui, "Try again", ButtonStyle::Plain) {
                actions.intent = Some(Intent::ListDevices);
            }
        }
        Some(devices) if devices.is_empty() => {
            paragraph(ui, "No devices yet. Link this device's license to your account to see it here.");
            if button(ui, "Link license", ButtonStyle::Primary) {
                actions.page = Some(Page::Accounts);
            }
        }
        Some(devices) => {
            let here = view.details.as_ref().map(|details| details.activation.device);
            for device in devices {
                ui.push_id(device.id, |ui| device_card(ui, device, here == Some(device.id), actions));
            }
            ui.add_space(8.0);
            if link(ui, "Rename devices and see their history on the web") {
                actions.address = Some(format!("{}/devices", view.server));
            }
        }
    }
}

fn device_card(ui: &mut Ui, device: &DeviceView, here: bool, actions: &mut Actions) {
    let colors = palette(ui.ctx());
    group(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(&device.name).font(semibold(15.0)));
            if here {
                ui.label(RichText::new("this device").size(13.0).color(colors.accent));
            }
        });
        muted(ui, format!("{} · last used {}", device.platform, time_format::relative(device.last_seen_at)))
            .on_hover_text(time_format::exact(device.last_seen_at));
        for activation in &device.activations {
            ui.label(format!("{}.", activation.sentence));
        }
        let live = device.activations.iter().any(|activation| activation.code.is_none());
        if live
            && !here
            && named_button(
                ui,
                "Remove device",
                &format!("Remove device {}", device.name),
                ButtonStyle::Danger,
            )
        {
            let text = format!(
                "\"{}\" frees its seats. Products on it stop working when it next connects, or when their certificates expire. \
                 Your files on it stay where they are, and it can be activated again.",
                device.name
            );
            let (title, action) = ("Remove this device?", "Remove device");
            let intent = Intent::RemoveDevice { device: device.id };
            actions.dialog = Some(ConfirmDialog { title, text, action, intent });
        }
    });
}
