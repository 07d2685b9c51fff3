//! Recovers an account whose password is lost. A link in an email allows the person to choose a new password.
//! The second factor, if any, is still required. Passkeys and linked upstream accounts are removed.

use keystead_domain::Millis;
use keystead_domain::account::Email;
use keystead_domain::guess_limits::Door;
use keystead_protocol::Code;
use keystead_protocol::id::OutboxId;
use keystead_storage::{Account, EmailLink, LinkPurpose};
use tracing::Instrument as _;

use crate::accounts::find_account::find_account;
use crate::accounts::password::{self, Password};
use crate::accounts::second_factor;
use crate::accounts::sign_in_event::{Method, SignInAttempt};
use crate::audit::Event;
use crate::context::Shared;
use crate::credential::Credential;
use crate::email::draft::Draft;
use crate::email::{email_link, notifications};
use crate::error::AppError;
use crate::i18n::Texts;
use crate::security::attempts;
use crate::security::bearer::{Bearer, Kind};
use crate::security::origin::Origin;
use crate::security::timing_equalizer::TimingEqualizer;

/// Lifetime of the link in the email.
const LIFETIME: Millis = 60 * 60 * 1000;

/// Sends a recovery email if the address has an account. The response is the same without an account. It does
/// not wait for the email, so its time reveals nothing.
pub async fn ask(app: &Shared, origin: &Origin, texts: &'static Texts, typed: &str) -> Result<(), AppError> {
    let time = TimingEqualizer::begin();
    app.limits.sign_in(origin.address)?;
    let email: Email = typed.parse().map_err(|error| AppError::value("email", error))?;
    app.limits.email("recover", &email.to_string())?;
    let (token, now) = (Bearer::new(Kind::EmailLink), app.now());
    let link = email_link::address(app, "/recover/reset", &token, "/");
    let draft = Draft::new(
        app,
        &email.to_string(),
        texts.say("email-recover-subject").with("vendor", &app.tenant.name),
        texts.say("email-recover").with("link", &link),
        now,
    );
    let (digest, origin, app) = (token.digest(), origin.clone(), app.clone());
    let write = async move {
        let asked = SignInAttempt::new(&app, &origin, Method::Recovery, None);
        let written = app.write_emails(move |tx| {
            let account = tx.account_by_email(&email)?;
            let whose = account.as_ref().map(|account| account.id);
            asked.clone().of(whose).record_failure(tx, "recovery.ask", "", now)?;
            let Some(account) = account else { return Ok(()) };
            let purpose = LinkPurpose::Recover(account.id);
            let link = EmailLink { email: account.email, purpose, expires_at: now + LIFETIME };
            tx.email_link_insert(&digest, &link)?;
            Ok(draft.enqueue(tx)?)
        });
        if let Err(error) = written.await {
            error.log();
        }
    };
    tokio::spawn(write.in_current_span());
    time.pass().await;
    Ok(())
}

/// Consumes the link, sets the new password and ends all sessions. `code` is the second-factor code.
pub async fn reset(
    app: &Shared,
    origin: &Origin,
    token: &str,
    new: Password,
    code: &str,
) -> Result<Account, AppError> {
    app.limits.sign_in(origin.address)?;
    let LinkPurpose::Recover(id) = email_link::find(app, token).await?.purpose else {
        return Err(Code::LinkUnknown.into());
    };
    let account = find_account(app, id, Code::LinkUnknown).await?;
    let email = account.email.parse().map_err(|_| AppError::from(Code::Internal))?;
    let hash = password::choose(app, new, &email).await?;
    let (digest, now, message) = (email_link::digest(token)?, app.now(), app.new_id::<OutboxId>());
    let draft = notifications::password_changed(app, &account, now);
    let code = second_factor::TypedCode { door: Door::Recovery, account: id, code };
    let (shared, owner) = (app.clone(), account.clone());
    second_factor::guarded(app, Credential::email_link(id), code, move |tx| {
        email_link::spend(tx, &digest, now)?;
        tx.account_set_password(id, &hash)?;
        attempts::open_password_doors(&shared, tx, &owner)?;
        tx.email_links_delete(id)?;
        // An intruder may have added passkeys or upstream accounts.
        tx.account_remove_passwordless_sign_in(id)?;
        tx.sessions_end(id, None, now)?;
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.recover" }
            .record(tx, id, "");
        tx.account_by_id(id)?.ok_or(Code::LinkUnknown.into())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::end_session::sessions;
    use crate::accounts::{change_email, passkey, sign_in};
    use crate::testing::{Customer, PASSWORD, World, on_both, refusal, texts, typed};

    const NEW: &str = "eleven quiet lamps by the river";

    /// Requests a recovery and returns the secret of the link.
    async fn asked(world: &World, customer: &Customer) -> String {
        let email = &customer.person.account.email;
        ask(&world.app, &world.origin(), texts(), email).await.unwrap();
        world.link_sent_to(email).await
    }

    async fn recovered(world: &World, token: &str, code: &str) -> Result<Account, AppError> {
        reset(&world.app, &world.origin(), token, typed(NEW), code).await
    }

    #[test]
    fn link_sets_a_new_password_and_shuts_everyone_else_out() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            world.add_passkey(&mut customer).await;
            world.application(&customer, "licenses", None).await;
            let token = asked(&world, &customer).await;
            let account = recovered(&world, &token, "").await.unwrap();
            assert_eq!(account.id, customer.id());
            let left = sessions(&world.app, &customer.principal()).await.unwrap();
            assert!(left.browsers.is_empty() && left.applications.is_empty());
            assert!(passkey::passkeys(&world.app, &customer.principal()).await.unwrap().is_empty());
            let (app, origin, email) = (&world.app, world.origin(), &account.email);
            let old = sign_in::sign_in(app, &origin, email, typed(PASSWORD)).await;
            assert_eq!(refusal(old), Code::CredentialsWrong);
            assert!(sign_in::sign_in(app, &origin, email, typed(NEW)).await.is_ok());
            let told = world.subjects_to(email).await;
            assert_eq!(told.last().unwrap(), "Your password was changed");
            assert!(world.actions(account.id).await.contains(&"account.recover".to_owned()));
        });
    }

    #[test]
    fn request_looks_the_same_for_an_unknown_address() {
        on_both(async |world| {
            let customer = world.customer().await;
            let texts = texts();
            ask(&world.app, &world.origin(), texts, "nobody@example.org").await.unwrap();
            // Emails are queued in order. An email to the unknown address would precede this one.
            asked(&world, &customer).await;
            let emails = world.emails().await;
            assert_eq!(emails.len(), 1, "{emails:?}");
            assert_eq!(world.actions("anybody").await, ["recovery.ask"]);
            assert_eq!(world.actions(customer.id()).await, ["recovery.ask"]);
            let malformed = ask(&world.app, &world.origin(), texts, "no address").await;
            assert_eq!(refusal(malformed), Code::ValueNotAllowed);
        });
    }

    #[test]
    fn link_works_once_within_an_hour() {
        on_both(async |world| {
            let customer = world.customer().await;
            let token = asked(&world, &customer).await;
            recovered(&world, &token, "").await.unwrap();
            assert_eq!(refusal(recovered(&world, &token, "").await), Code::LinkUnknown);
            let other = world.customer().await;
            let token = asked(&world, &other).await;
            world.pass(LIFETIME).await;
            assert_eq!(refusal(recovered(&world, &token, "").await), Code::LinkUnknown);
        });
    }

    #[test]
    fn weak_password_leaves_the_link_usable() {
        on_both(async |world| {
            let customer = world.customer().await;
            let token = asked(&world, &customer).await;
            let weak = reset(&world.app, &world.origin(), &token, typed("password"), "").await;
            assert_eq!(refusal(weak), Code::PasswordTooWeak);
            assert!(recovered(&world, &token, "").await.is_ok());
        });
    }

    #[test]
    fn second_factor_is_required_and_a_recovery_code_replaces_it() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let app = world.set_up_app(&mut customer).await;
            let token = asked(&world, &customer).await;
            assert_eq!(refusal(recovered(&world, &token, "").await), Code::CodeWrong);
            assert_eq!(refusal(recovered(&world, &token, "AAAA-BBBB").await), Code::CodeWrong);
            let origin = world.origin();
            let password =
                sign_in::sign_in(&world.app, &origin, &customer.person.account.email, typed(PASSWORD));
            assert!(password.await.is_ok(), "a wrong code must not change the password");
            assert!(recovered(&world, &token, &app.recovery_codes[0]).await.is_ok());
        });
    }

    #[test]
    fn link_of_another_purpose_resets_no_password() {
        on_both(async |world| {
            let customer = world.customer().await;
            let (principal, texts) = (customer.principal(), texts());
            let credentials = customer.credentials();
            change_email::ask(&world.app, &principal, texts, "new@example.org", credentials).await.unwrap();
            let token = world.link_sent_to("new@example.org").await;
            assert_eq!(refusal(recovered(&world, &token, "").await), Code::LinkUnknown);
            assert_eq!(refusal(recovered(&world, "no token", "").await), Code::LinkUnknown);
        });
    }
}
