//! Changes an account's email address. A link confirms the new address. The old address gets a notification.

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

/// Consumes the link and sets the account's email address to the address that received the link.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::recover;
    use crate::testing::{Customer, World, on_both, refusal, texts, typed};

    const NEW: &str = "new@example.org";

    async fn asked(world: &World, customer: &Customer, email: &str) -> Result<(), AppError> {
        ask(&world.app, &customer.principal(), texts(), email, customer.credentials()).await
    }

    async fn confirmed(world: &World, token: &str) -> Result<AccountId, AppError> {
        confirm(&world.app, world.origin().address, token).await
    }

    #[test]
    fn address_changes_when_its_mailbox_confirms() {
        on_both(async |world| {
            let customer = world.customer().await;
            let old = &customer.person.account.email;
            asked(&world, &customer, " New@Example.org ").await.unwrap();
            assert_eq!(world.account(customer.id()).await.unwrap().email, *old);
            let token = world.link_sent_to(NEW).await;
            assert_eq!(confirmed(&world, &token).await.unwrap(), customer.id());
            assert_eq!(world.account(customer.id()).await.unwrap().email, NEW);
            assert_eq!(world.subjects_to(old).await, ["Your email address was changed"]);
            assert_eq!(world.actions(customer.id()).await, ["account.change_email"]);
        });
    }

    #[test]
    fn link_works_once_within_an_hour() {
        on_both(async |world| {
            let customer = world.customer().await;
            asked(&world, &customer, NEW).await.unwrap();
            let token = world.link_sent_to(NEW).await;
            confirmed(&world, &token).await.unwrap();
            assert_eq!(refusal(confirmed(&world, &token).await), Code::LinkUnknown);
            let customer = world.customer().await;
            asked(&world, &customer, "late@example.org").await.unwrap();
            world.pass(LIFETIME).await;
            let late = world.link_sent_to("late@example.org").await;
            assert_eq!(refusal(confirmed(&world, &late).await), Code::LinkUnknown);
        });
    }

    #[test]
    fn link_of_a_recovery_changes_no_address() {
        on_both(async |world| {
            let email = world.customer().await.person.account.email;
            recover::ask(&world.app, &world.origin(), texts(), &email).await.unwrap();
            let token = world.link_sent_to(&email).await;
            assert_eq!(refusal(confirmed(&world, &token).await), Code::LinkUnknown);
        });
    }

    #[test]
    fn only_the_link_reveals_that_an_address_is_taken() {
        on_both(async |world| {
            let (customer, other) = (world.customer().await, world.customer().await);
            let taken = &other.person.account.email;
            asked(&world, &customer, taken).await.unwrap();
            let token = world.link_sent_to(taken).await;
            assert_eq!(refusal(confirmed(&world, &token).await), Code::EmailNotAvailable);
            assert_eq!(world.actions(customer.id()).await, Vec::<String>::new());
        });
    }

    #[test]
    fn address_password_and_code_are_checked_before_an_email_is_sent() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            assert_eq!(refusal(asked(&world, &customer, "no address").await), Code::ValueNotAllowed);
            let wrong = Reauthentication { password: typed("wrong"), code: String::new() };
            let refused = ask(&world.app, &customer.principal(), texts(), NEW, wrong).await;
            assert_eq!(refusal(refused), Code::PasswordWrong);
            world.set_up_app(&mut customer).await;
            assert_eq!(refusal(asked(&world, &customer, NEW).await), Code::CodeWrong);
            assert!(world.subjects_to(NEW).await.is_empty());
        });
    }

    #[test]
    fn only_a_signed_in_person_changes_the_address() {
        on_both(async |world| {
            let customer = world.customer().await;
            let attempt = async |principal: &Principal| {
                ask(&world.app, principal, texts(), NEW, customer.credentials()).await
            };
            world.assert_for_persons_only(&customer, attempt).await;
            world.sign_out(&customer).await;
            assert_eq!(refusal(asked(&world, &customer, NEW).await), Code::TokenExpired);
            assert!(world.emails().await.is_empty());
        });
    }
}
