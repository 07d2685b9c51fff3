//! Sign-in in the browser, with a code, or with a password if the vendor allows it.

use eframe::egui::{Key, Response, RichText, Ui};
use keystead::settings::{Intent, SignInStep, View};

use crate::actions::Actions;
use crate::theme::semibold;
use crate::widget::{ButtonStyle, Card, Icon, Qr, button, field, group, link, muted, section};

#[derive(Default)]
pub(super) struct State {
    email: String,
    password: String,
    code: String,
    qr: Qr,
}

pub(super) fn show(ui: &mut Ui, view: &View, state: &mut State, actions: &mut Actions) {
    match &view.sign_in {
        None => offer(ui, view, state, actions),
        Some(SignInStep::Browser { address }) => browser(ui, address, actions),
        Some(SignInStep::Code { user_code, address, address_with_code }) => {
            let prompt = CodePrompt { user_code, address, address_with_code };
            code_prompt(ui, prompt, &mut state.qr, actions);
        }
        Some(SignInStep::SecondFactor) => second_factor(ui, state, actions),
    }
    section(ui, "Related support");
    if link(ui, "Create an account") {
        actions.address = Some(format!("{}/sign-up", view.server));
    }
}

fn offer(ui: &mut Ui, view: &View, state: &mut State, actions: &mut Actions) {
    let lead = "Your account keeps the license. After a repair or on a new device, sign in instead of entering a key.";
    Card { icon: Icon::Person, title: "Sign in with an account", lead }.show(ui, |ui| {
        if button(ui, "Sign in", ButtonStyle::Primary) {
            actions.intent = Some(Intent::SignInByBrowser);
        }
    });
    if view.allows_password_sign_in {
        password_form(ui, state, actions);
    }
    ui.add_space(6.0);
    if link(ui, "Sign in with a code on another device") {
        actions.intent = Some(Intent::SignInByCode);
    }
}

fn password_form(ui: &mut Ui, state: &mut State, actions: &mut Actions) {
    group(ui, |ui| {
        muted(ui, "Or sign in here:");
        field(ui, "Email", &mut state.email, false);
        let password = field(ui, "Password", &mut state.password, true);
        let filled = !state.email.trim().is_empty() && !state.password.is_empty();
        ui.add_enabled_ui(filled, |ui| {
            if button(ui, "Sign in with password", ButtonStyle::Plain) || filled && entered(ui, &password) {
                let (email, password) = (state.email.clone(), std::mem::take(&mut state.password));
                actions.intent = Some(Intent::SignInWithPassword { email, password });
            }
        });
    });
}

fn second_factor(ui: &mut Ui, state: &mut State, actions: &mut Actions) {
    group(ui, |ui| {
        let code = field(ui, "Code from your authenticator app, or a recovery code", &mut state.code, false);
        ui.horizontal(|ui| {
            let filled = !state.code.trim().is_empty();
            if button(ui, "Continue", ButtonStyle::Primary) || filled && entered(ui, &code) {
                actions.intent = Some(Intent::AnswerMfaChallenge { code: std::mem::take(&mut state.code) });
            }
            if button(ui, "Cancel", ButtonStyle::Plain) {
                actions.intent = Some(Intent::Cancel);
            }
        });
    });
}

fn entered(ui: &Ui, response: &Response) -> bool {
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

fn browser(ui: &mut Ui, address: &str, actions: &mut Actions) {
    group(ui, |ui| {
        ui.label("Your browser is open. Sign in there and allow this application, then return here.");
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            if button(ui, "Open browser again", ButtonStyle::Plain) {
                actions.address = Some(address.to_owned());
            }
            if link(ui, "Use a code on another device") {
                actions.intent = Some(Intent::SignInByCode);
            }
        });
    });
}

struct CodePrompt<'a> {
    user_code: &'a str,
    address: &'a str,
    address_with_code: &'a str,
}

fn code_prompt(ui: &mut Ui, prompt: CodePrompt<'_>, qr: &mut Qr, actions: &mut Actions) {
    let CodePrompt { user_code, address, address_with_code } = prompt;
    group(ui, |ui| {
        ui.label("On any device, open this address and enter the code, or scan the QR code:");
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            qr.show(ui, address_with_code, 180.0, "QR code for the page with the code filled in");
            ui.add_space(16.0);
            ui.vertical(|ui| {
                ui.add_space(24.0);
                if link(ui, address) {
                    actions.address = Some(address_with_code.to_owned());
                }
                ui.label(RichText::new(user_code).monospace().size(28.0));
                ui.label(RichText::new("Approve only if the page shows the same code.").font(semibold(13.0)));
                if button(ui, "Copy code", ButtonStyle::Plain) {
                    actions.copy = Some(user_code.to_owned());
                }
            });
        });
    });
}
