//! Another e-mail address: the new one is written to and must answer, the old one is told.

use std::net::IpAddr;

use keystead_domain::Millis;
use keystead_domain::account::Email;
use keystead_domain::throttle::Door;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::{EmailLink, Error, LinkPurpose};

use crate::accounts::find_account::find_account;
use crate::accounts::password::{self, Password};
use crate::accounts::second_factor;
use crate::audit::Event;
use crate::context::Shared;
use crate::email::draft::Draft;
use crate::email::{email_link, notifications};
use crate::error::AppError;
use crate::i18n::Texts;
use crate::principal::Person;
use crate::security::bearer::{Bearer, Kind};

/// How long the link in the letter serves.
const LIFETIME: Millis = 60 * 60 * 1000;

/// Writes to the new address. `code` is that of the second factor, where there is one.
pub async fn ask(
    app: &Shared,
    person: &Person,
    texts: &'static Texts,
    typed: &str,
    password: Password,
    code: &str,
) -> Result<(), AppError> {
    let email: Email = typed.parse().map_err(|error| AppError::value("email", error))?;
    let account = &person.account;
    password::require(app, account, password).await?;
    app.limits.letter("change-email", &email.to_string())?;
    let (id, token, now) = (account.id, Bearer::new(Kind::EmailLink), app.now());
    let link = email_link::address(app, "/account/email", &token, "/");
    let letter = Draft::new(
        app,
        &email.to_string(),
        texts.say("letter-email-subject").with("vendor", &app.tenant.name),
        texts.say("letter-email").with("link", &link),
        now,
    );
    let pending = EmailLink {
        email: email.to_string(),
        purpose: LinkPurpose::ChangeEmail(id),
        expires_at: now + LIFETIME,
    };
    let digest = token.digest();
    let typed = second_factor::Typed { door: Door::SecondFactorAgain, account: id, code };
    second_factor::guarded(app, person, typed, move |tx| {
        tx.insert_email_link(&digest, &pending)?;
        Ok(letter.post(tx)?)
    })
    .await
}

/// Moves the account of the link to the address that it was sent to.
pub async fn confirm(app: &Shared, from: IpAddr, token: &str) -> Result<AccountId, AppError> {
    app.limits.sign_in(from)?;
    let link = email_link::find(app, token).await?;
    let LinkPurpose::ChangeEmail(id) = link.purpose else { return Err(Code::LinkUnknown.into()) };
    let account = find_account(app, id, Code::LinkUnknown).await?;
    let (digest, now, message) = (email_link::digest(token)?, app.now(), app.new_id::<OutboxId>());
    let letter = notifications::email_changed(app, &account, &link.email, now);
    app.write_letters(move |tx| {
        let link = email_link::spend(tx, &digest, now)?;
        match tx.set_email(id, &link.email) {
            Err(Error::UniqueViolation(_)) => return Err(Code::EmailNotAvailable.into()),
            stored => stored?,
        }
        tx.forget_email_links(id)?;
        letter.post(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.change_email" }
            .record(tx, id, "");
        Ok(())
    })
    .await
    .map(|()| id)
}
