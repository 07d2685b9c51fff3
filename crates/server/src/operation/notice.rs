//! Letters that tell an account's owner of a change, so that one that somebody else made is noticed.

use keystead_domain::Millis;
use keystead_storage::Account;

use crate::app::App;
use crate::mail::Draft;
use crate::texts::{Text, Texts};

fn notice(app: &App, account: &Account, to: &str, subject: Text<'_>, text: Text<'_>, now: Millis) -> Draft {
    let text = text.with("name", &account.name).with("link", format!("{}/recover", app.public_url));
    Draft::new(app, to, subject, text, now)
}

fn texts(account: &Account) -> &'static Texts {
    Texts::of(account.language.as_deref().unwrap_or_default())
}

/// The password is another one.
pub fn password_changed(app: &App, account: &Account, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("letter-password-subject"), texts.say("letter-password"));
    notice(app, account, &account.email, subject, text, now)
}

/// The address is another one; told to the one before.
pub fn email_changed(app: &App, account: &Account, new: &str, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("letter-email-changed-subject"), texts.say("letter-email-changed"));
    notice(app, account, &account.email, subject, text.with("email", new), now)
}

/// A second factor was added or removed.
pub fn second_factor_changed(app: &App, account: &Account, added: bool, now: Millis) -> Draft {
    let texts = texts(account);
    let text = if added { texts.say("letter-factor-added") } else { texts.say("letter-factor-removed") };
    notice(app, account, &account.email, texts.say("letter-factor-subject"), text, now)
}

/// Somebody tried to link a key whose license is this account's.
pub fn key_claimed(app: &App, account: &Account, last_group: &str, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("letter-key-claimed-subject"), texts.say("letter-key-claimed"));
    notice(app, account, &account.email, subject, text.with("group", last_group), now)
}

/// A license left the account.
pub fn unlinked(app: &App, account: &Account, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("letter-unlinked-subject"), texts.say("letter-unlinked"));
    notice(app, account, &account.email, subject, text, now)
}

/// Somebody else took the license that was offered.
pub fn transferred(app: &App, account: &Account, now: Millis) -> Draft {
    let texts = texts(account);
    let (subject, text) = (texts.say("letter-transferred-subject"), texts.say("letter-transferred"));
    notice(app, account, &account.email, subject, text, now)
}
