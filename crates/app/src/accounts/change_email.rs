//! Changes an account's email address. The new address must confirm by a link; the old address gets a notification.

use std::net::IpAddr;

use keystead_domain::Millis;
use keystead_domain::account::Email;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::{EmailLink, Error, LinkPurpose};

use crate::accounts::find_account::find_account;
use crate::accounts::reauthentication::Reauthentication;
use crate::audit::Event;
use crate::context::Shared;
use crate::email::draft::Draft;
use crate::email::{email_link, notifications};
use crate::error::AppError;
use crate::i18n::Texts;
use crate::principal::Principal;
use crate::security::bearer::{Bearer, Kind};

/// Lifetime of the link in the email.
const LIFETIME: Millis = 60 * 60 * 1000;

/// Sends a confirmation link to the new address `typed`.
pub async fn ask(
    app: &Shared,
    principal: &Principal,
    texts: &'static Texts,
    typed: &str,
    credentials: Reauthentication,
) -> Result<(), AppError> {
    let account = &principal.require_person()?.account;
    let email: Email = typed.parse().map_err(|error| AppError::value("email", error))?;
    let code = credentials.check_password(app, principal).await?;
    app.limits.email("change-email", &email.to_string())?;
    let (id, token, now) = (account.id, Bearer::new(Kind::EmailLink), app.now());
    let link = email_link::address(app, "/account/email", &token, "/");
    let draft = Draft::new(
        app,
        &email.to_string(),
        texts.say("email-email-subject").with("vendor", &app.tenant.name),
        texts.say("email-email").with("link", &link),
        now,
    );
    let pending = EmailLink {
        email: email.to_string(),
        purpose: LinkPurpose::ChangeEmail(id),
        expires_at: now + LIFETIME,
    };
    let digest = token.digest();
    code.guard(app, principal, move |tx| {
        tx.email_link_insert(&digest, &pending)?;
        Ok(draft.enqueue(tx)?)
    })
    .await
}

/// Consumes the link and sets the account's address to the one that the link was sent to.
pub async fn confirm(app: &Shared, from: IpAddr, token: &str) -> Result<AccountId, AppError> {
    app.limits.sign_in(from)?;
    let link = email_link::find(app, token).await?;
    let LinkPurpose::ChangeEmail(id) = link.purpose else { return Err(Code::LinkUnknown.into()) };
    let account = find_account(app, id, Code::LinkUnknown).await?;
    let (digest, now, message) = (email_link::digest(token)?, app.now(), app.new_id::<OutboxId>());
    let draft = notifications::email_changed(app, &account, &link.email, now);
    app.write_emails(move |tx| {
        let link = email_link::spend(tx, &digest, now)?;
        match tx.account_set_email(id, &link.email) {
            Err(Error::UniqueViolation(_)) => return Err(Code::EmailNotAvailable.into()),
            stored => stored?,
        }
        tx.email_links_delete(id)?;
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.change_email" }
            .record(tx, id, "");
        Ok(())
    })
    .await
    .map(|()| id)
}
