//! Emails that notify an account's owner of a change. They reveal the changes of an intruder.

use keystead_domain::Millis;
use keystead_storage::Account;

use crate::context::App;
use crate::email::draft::Draft;
use crate::i18n::{Text, Texts};

fn notice(app: &App, account: &Account, subject: Text<'_>, text: Text<'_>, now: Millis) -> Draft {
    let text = text.with("name", &account.name).with("link", format!("{}/recover", app.public_url));
    Draft::new(app, &account.email, subject, text, now)
}

fn texts(account: &Account) -> &'static Texts {
    Texts::of(account.language.as_deref().unwrap_or_default())
}

/// Reports that the password was changed.
pub fn password_changed(app: &App, account: &Account, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("email-password-subject"), texts.say("email-password"));
    notice(app, account, subject, text, now)
}

/// Reports a changed email address to the previous address.
pub fn email_changed(app: &App, account: &Account, new: &str, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("email-email-changed-subject"), texts.say("email-email-changed"));
    notice(app, account, subject, text.with("email", new), now)
}

/// A change of an account's sign-in methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInChange {
    /// An authenticator app was set up.
    AppAdded,
    /// The authenticator app was turned off.
    AppRemoved,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// An upstream account was linked.
    UpstreamAdded,
    /// An upstream account was unlinked.
    UpstreamRemoved,
}

/// Reports that a sign-in method was added or removed.
pub fn sign_in_changed(app: &App, account: &Account, change: SignInChange, now: Millis) -> Draft {
    let texts = texts(account);
    let what = match change {
        SignInChange::AppAdded => texts.say("changed-app-added"),
        SignInChange::AppRemoved => texts.say("changed-app-removed"),
        SignInChange::PasskeyAdded => texts.say("changed-passkey-added"),
        SignInChange::PasskeyRemoved => texts.say("changed-passkey-removed"),
        SignInChange::UpstreamAdded => texts.say("changed-provider-added"),
        SignInChange::UpstreamRemoved => texts.say("changed-provider-removed"),
    };
    let text = texts.say("email-sign-in").with("what", what.to_string());
    notice(app, account, texts.say("email-sign-in-subject"), text, now)
}

/// Reports repeated wrong codes after the correct password.
pub fn codes_failed(app: &App, account: &Account, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("email-codes-subject"), texts.say("email-codes"));
    notice(app, account, subject, text, now)
}

/// Reports that another person tried to link a key whose license belongs to this account.
pub fn key_claimed(app: &App, account: &Account, last_group: &str, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("email-key-claimed-subject"), texts.say("email-key-claimed"));
    notice(app, account, subject, text.with("group", last_group), now)
}

/// Reports that a license was unlinked from the account.
pub fn unlinked(app: &App, account: &Account, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("email-unlinked-subject"), texts.say("email-unlinked"));
    notice(app, account, subject, text, now)
}

/// Reports that another person accepted the offered license.
pub fn transferred(app: &App, account: &Account, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("email-transferred-subject"), texts.say("email-transferred"));
    notice(app, account, subject, text, now)
}
