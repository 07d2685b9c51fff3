//! Linking the license, after the user has read the disclosure.

use eframe::egui::Ui;
use keystead::protocol::api::LinkingDisclosure;
use keystead::settings::Intent;

use crate::actions::Actions;
use crate::widget::{ButtonStyle, Card, Icon, button, group, paragraph, section};

pub(super) fn offer(ui: &mut Ui, actions: &mut Actions) {
    let lead = "Your account keeps the license. You won't need the product key again.";
    Card { icon: Icon::Link, title: "Link license to your account", lead }.show(ui, |ui| {
        if button(ui, "Continue", ButtonStyle::Primary) {
            actions.intent = Some(Intent::ReadDisclosure);
        }
    });
}

/// Shows the disclosure and asks for consent.
pub(super) fn ask(ui: &mut Ui, disclosure: &LinkingDisclosure, agreed: &mut bool, actions: &mut Actions) {
    group(ui, |ui| {
        section(ui, "Before you link the license");
        for text in &disclosure.paragraphs {
            paragraph(ui, text.as_str());
        }
        ui.checkbox(agreed, "I've read this and agree");
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            ui.add_enabled_ui(*agreed, |ui| {
                if button(ui, "Link license", ButtonStyle::Primary) {
                    actions.intent = Some(Intent::Link { agreed_version: disclosure.version });
                }
            });
            if button(ui, "Not now", ButtonStyle::Plain) {
                *agreed = false;
                actions.intent = Some(Intent::Cancel);
            }
        });
    });
}
