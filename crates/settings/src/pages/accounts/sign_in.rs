//! Signing in: with the browser, with a code, or by typing where the vendor allows it.

use eframe::egui::{Key, Response, RichText, Ui};
use keystead::settings::{Intent, SignInStep, View};

use crate::pages::Wishes;
use crate::theme::strong;
use crate::widget::{Card, Icon, Look, Qr, button, field, group, link, muted, section};

#[derive(Default)]
pub(super) struct State {
    email: String,
    password: String,
    code: String,
    qr: Qr,
}

pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, wishes: &mut Wishes) {
    match &view.sign_in {
        None => offer(ui, view, state, wishes),
        Some(SignInStep::Browser { address }) => browser(ui, address, wishes),
        Some(SignInStep::Code { user_code, address, address_with_code }) => {
            code(ui, user_code, address, address_with_code, &mut state.qr, wishes);
        }
        Some(SignInStep::SecondFactor) => second_factor(ui, state, wishes),
    }
    section(ui, "Related support");
    if link(ui, "Create an account") {
        wishes.address = Some(format!("{}/sign-up", view.server));
    }
}

fn offer(ui: &mut Ui, view: &View, state: &mut State, wishes: &mut Wishes) {
    let lead =
        "Your account keeps the license: after a repair or on a new device you sign in, with no key to type.";
    Card { icon: Icon::Person, title: "Sign in with an account instead", lead }.show(ui, |ui| {
        if button(ui, "Sign in", Look::Primary) {
            wishes.intent = Some(Intent::SignInByBrowser);
        }
    });
    if view.may_type_password {
        type_here(ui, state, wishes);
    }
    ui.add_space(6.0);
    if link(ui, "Sign in with a code on another device") {
        wishes.intent = Some(Intent::SignInByCode);
    }
}

fn type_here(ui: &mut Ui, state: &mut State, wishes: &mut Wishes) {
    group(ui, |ui| {
        muted(ui, "Or type them here:");
        field(ui, "E-mail address", &mut state.email, false);
        let password = field(ui, "Password", &mut state.password, true);
        let filled = !state.email.trim().is_empty() && !state.password.is_empty();
        ui.add_enabled_ui(filled, |ui| {
            if button(ui, "Sign in by typing", Look::Plain) || filled && entered(ui, &password) {
                let (email, password) = (state.email.clone(), std::mem::take(&mut state.password));
                wishes.intent = Some(Intent::SignInByTyping { email, password });
            }
        });
    });
}

fn second_factor(ui: &mut Ui, state: &mut State, wishes: &mut Wishes) {
    group(ui, |ui| {
        let code =
            field(ui, "The code of your authenticator app, or a recovery code", &mut state.code, false);
        ui.horizontal(|ui| {
            let filled = !state.code.trim().is_empty();
            if button(ui, "Continue", Look::Primary) || filled && entered(ui, &code) {
                wishes.intent = Some(Intent::TypeCode { code: std::mem::take(&mut state.code) });
            }
            if button(ui, "Cancel", Look::Plain) {
                wishes.intent = Some(Intent::Cancel);
            }
        });
    });
}

fn entered(ui: &Ui, response: &Response) -> bool {
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

fn browser(ui: &mut Ui, address: &str, wishes: &mut Wishes) {
    group(ui, |ui| {
        ui.label("Your browser is open. Sign in there and allow this application; then come back here.");
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            if button(ui, "Open the browser again", Look::Plain) {
                wishes.address = Some(address.to_owned());
            }
            if link(ui, "Use a code on another device") {
                wishes.intent = Some(Intent::SignInByCode);
            }
        });
    });
}

fn code(ui: &mut Ui, code: &str, address: &str, whole: &str, qr: &mut Qr, wishes: &mut Wishes) {
    group(ui, |ui| {
        ui.label("Open this address on any device and type the code, or scan it:");
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            qr.show(ui, whole, 180.0, "QR code that leads to the page with the code filled in");
            ui.add_space(16.0);
            ui.vertical(|ui| {
                ui.add_space(24.0);
                if link(ui, address) {
                    wishes.address = Some(whole.to_owned());
                }
                ui.label(RichText::new(code).monospace().size(28.0));
                ui.label(RichText::new("Say yes only if the same code is shown there.").font(strong(13.0)));
                if button(ui, "Copy the code", Look::Plain) {
                    wishes.copy = Some(code.to_owned());
                }
            });
        });
    });
}
