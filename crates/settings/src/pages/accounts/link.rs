//! Linking the license, after everything about it was read.

use eframe::egui::Ui;
use keystead::protocol::api::LinkingDisclosure;
use keystead::settings::Intent;

use crate::pages::Wishes;
use crate::widget::{Card, Icon, Look, button, group, paragraph, section};

pub(super) fn offer(ui: &mut Ui, wishes: &mut Wishes) {
    let lead = "Your account keeps it from then on; you never need the product key again.";
    Card { icon: Icon::Link, title: "Link the license to your account", lead }.show(ui, |ui| {
        if button(ui, "Continue", Look::Primary) {
            wishes.intent = Some(Intent::ReadDisclosure);
        }
    });
}

/// What is stored, why, and with whom it may be shared, before anything is.
pub(super) fn ask(ui: &mut Ui, disclosure: &LinkingDisclosure, agreed: &mut bool, wishes: &mut Wishes) {
    group(ui, |ui| {
        section(ui, "Before the license is linked");
        for text in &disclosure.paragraphs {
            paragraph(ui, text.as_str());
        }
        ui.checkbox(agreed, "I have read this and agree");
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            ui.add_enabled_ui(*agreed, |ui| {
                if button(ui, "Link the license", Look::Primary) {
                    wishes.intent = Some(Intent::Link { agreed_version: disclosure.version });
                }
            });
            if button(ui, "Not now", Look::Plain) {
                *agreed = false;
                wishes.intent = Some(Intent::Cancel);
            }
        });
    });
}
