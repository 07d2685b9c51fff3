//! Creates accounts. The typed data is stored until the person opens the link in the email, which proves
//! control of the address. Only the email says whether the address already has an account.

use std::net::IpAddr;

use keystead_domain::account::{Email, check_name};
use keystead_domain::guess_limits::Door;
use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::{Account, EmailLink, Error, LinkPurpose, Role};

use crate::accounts::password::{self, Password};
use crate::audit::Event;
use crate::context::{App, Shared};
use crate::email::draft::Draft;
use crate::email::email_link;
use crate::error::AppError;
use crate::i18n::Texts;
use crate::security::attempts::{self, Attempt};
use crate::security::bearer::{Bearer, Kind};
use crate::security::proof_of_work;

/// Lifetime of the link in the email.
const LIFETIME: Millis = DAY;

/// The data typed to create an account.
pub struct NewAccount {
    /// The email address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: Password,
    /// A proof of work, if one is required.
    pub work: String,
}

/// Validates the typed address and name.
pub fn check(typed: &NewAccount) -> Result<(Email, String), AppError> {
    let email: Email = typed.email.parse().map_err(|error| AppError::value("email", error))?;
    let name = check_name(&typed.name).map_err(|error| AppError::value("name", error))?;
    Ok((email, name))
}

/// The proof-of-work challenge and its difficulty. `None` unless there is a flood of sign-ups.
pub fn challenge(app: &App) -> Option<(String, u32)> {
    app.limits.is_flooded(app.now()).then(|| proof_of_work::challenge(app))
}

/// Counts the sign-up. During a flood, consumes the proof of work before any expensive work.
async fn work_for_it(app: &Shared, proof: &str) -> Result<(), AppError> {
    let now = app.now();
    let flooded = app.limits.is_flooded(now);
    app.limits.sign_up(now);
    if !flooded {
        return Ok(());
    }
    let proof = proof_of_work::check(app, proof)?;
    let fresh: Result<bool, AppError> = app.store.write(move |tx| Ok(proof.consume(tx)?)).await;
    if fresh? { Ok(()) } else { Err(Code::WorkMissing.into()) }
}

/// Sends an email to the typed address. `next` is the path to continue at after the sign-up.
pub async fn ask(
    app: &Shared,
    from: IpAddr,
    texts: &'static Texts,
    typed: NewAccount,
    next: &str,
) -> Result<(), AppError> {
    app.limits.sign_in(from)?;
    let (email, name) = check(&typed)?;
    work_for_it(app, &typed.work).await?;
    app.limits.email("sign-up", &email.to_string())?;
    let password_hash = password::choose(app, typed.password, &email).await?;
    let (token, now) = (Bearer::new(Kind::EmailLink), app.now());
    let address = email.to_string();
    let link = email_link::address(app, "/sign-up/confirm", &token, next);
    let welcome = Draft::new(
        app,
        &address,
        texts.say("email-sign-up-subject").with("vendor", &app.tenant.name),
        texts.say("email-sign-up").with("link", &link),
        now,
    );
    let known = Draft::new(
        app,
        &address,
        texts.say("email-known-subject").with("vendor", &app.tenant.name),
        texts.say("email-known").with("link", format!("{}/recover", app.public_url)),
        now,
    );
    let purpose = LinkPurpose::SignUp { name, password_hash };
    let pending = EmailLink { email: address, purpose, expires_at: now + LIFETIME };
    let digest = token.digest();
    app.write_emails(move |tx| {
        if tx.account_by_email(&email)?.is_some() {
            return Ok(known.enqueue(tx)?);
        }
        tx.email_link_insert(&digest, &pending)?;
        Ok(welcome.enqueue(tx)?)
    })
    .await
}

/// Creates the account of the link. Requires the password that was typed at sign-up. Otherwise an attacker
/// could sign up with another person's address, and the attacker's password would open that person's account.
pub async fn confirm(
    app: &Shared,
    from: IpAddr,
    texts: &'static Texts,
    token: &str,
    password: Password,
) -> Result<Account, AppError> {
    app.limits.sign_in(from)?;
    let LinkPurpose::SignUp { password_hash, .. } = email_link::find(app, token).await?.purpose else {
        return Err(Code::LinkUnknown.into());
    };
    let digest = email_link::digest(token)?;
    // Too many wrong passwords invalidate the link.
    let counted = attempts::count(app, vec![Attempt::new(app, Door::EmailLink, &digest)]).await;
    let counted = counted.map_err(|error| match error.code() {
        Code::TooManyAttempts => Code::LinkUnknown.into(),
        _ => error,
    })?;
    if !password::fits(app, password, Some(password_hash)).await? {
        return Err(Code::PasswordWrong.into());
    }
    counted.succeed(app).await?;
    let (id, message, now) = (app.new_id::<AccountId>(), app.new_id::<OutboxId>(), app.now());
    app.store
        .write(move |tx| {
            let link = email_link::spend(tx, &digest, now)?;
            let LinkPurpose::SignUp { name, password_hash } = link.purpose else {
                return Err(Code::LinkUnknown.into());
            };
            let account = Account {
                id,
                email: link.email,
                name,
                password_hash,
                role: Role::Customer,
                language: Some(texts.tag.to_owned()),
                created_at: now,
                credentials_version: 0,
                disabled_at: None,
            };
            match tx.account_insert(&account) {
                Err(Error::UniqueViolation(_)) => return Err(Code::EmailNotAvailable.into()),
                stored => stored?,
            }
            Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.create" }
                .record(tx, id, "");
            Ok(account)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{PASSWORD, World, on_both, refusal, texts, typed};

    const EMAIL: &str = "jo@example.org";

    fn new_account(email: &str, name: &str, password: &str) -> NewAccount {
        let (email, name) = (email.to_owned(), name.to_owned());
        NewAccount { email, name, password: typed(password), work: String::new() }
    }

    async fn asked(world: &World, email: &str) -> Result<(), AppError> {
        let typed = new_account(email, " Jo ", PASSWORD);
        ask(&world.app, world.origin().address, texts(), typed, "/").await
    }

    async fn confirmed(world: &World, token: &str, password: &str) -> Result<Account, AppError> {
        confirm(&world.app, world.origin().address, texts(), token, typed(password)).await
    }

    #[test]
    fn account_is_created_by_the_link_and_the_password() {
        on_both(async |world| {
            asked(&world, " Jo@Example.org ").await.unwrap();
            let token = world.link_sent_to(EMAIL).await;
            let account = confirmed(&world, &token, PASSWORD).await.unwrap();
            assert_eq!((account.email.as_str(), account.name.as_str()), (EMAIL, "Jo"));
            assert_eq!(account.role, Role::Customer);
            assert_eq!(world.actions(account.id).await, ["account.create"]);
            assert_eq!(world.account(account.id).await, Some(account));
            assert_eq!(refusal(confirmed(&world, &token, PASSWORD).await), Code::LinkUnknown);
        });
    }

    #[test]
    fn only_the_email_reveals_that_an_address_has_an_account() {
        on_both(async |world| {
            let known = world.customer().await.person.account.email;
            asked(&world, &known).await.unwrap();
            asked(&world, EMAIL).await.unwrap();
            assert_eq!(world.subjects_to(&known).await, ["You already have an account - Acme"]);
            assert_eq!(world.subjects_to(EMAIL).await, ["Confirm your email address - Acme"]);
            assert!(!world.email_to(&known).await.text.contains("token="));
        });
    }

    #[test]
    fn ten_wrong_passwords_void_the_link() {
        on_both(async |world| {
            asked(&world, EMAIL).await.unwrap();
            let token = world.link_sent_to(EMAIL).await;
            for _ in 0..Door::EmailLink.limit() {
                assert_eq!(refusal(confirmed(&world, &token, "wrong").await), Code::PasswordWrong);
            }
            assert_eq!(refusal(confirmed(&world, &token, PASSWORD).await), Code::LinkUnknown);
            let address = EMAIL.parse::<Email>().unwrap();
            assert_eq!(world.read(move |connection| connection.account_by_email(&address)).await, None);
        });
    }

    #[test]
    fn link_expires_after_a_day_and_opens_nothing_for_an_address_taken_meanwhile() {
        on_both(async |world| {
            asked(&world, EMAIL).await.unwrap();
            let first = world.link_sent_to(EMAIL).await;
            asked(&world, EMAIL).await.unwrap();
            let second = world.link_sent_to(EMAIL).await;
            confirmed(&world, &first, PASSWORD).await.unwrap();
            assert_eq!(refusal(confirmed(&world, &second, PASSWORD).await), Code::EmailNotAvailable);
            asked(&world, "late@example.org").await.unwrap();
            let late = world.link_sent_to("late@example.org").await;
            world.pass(LIFETIME).await;
            assert_eq!(refusal(confirmed(&world, &late, PASSWORD).await), Code::LinkUnknown);
        });
    }

    #[test]
    fn invalid_input_sends_no_email() {
        on_both(async |world| {
            for (typed, code) in [
                (new_account("no address", "Jo", PASSWORD), Code::ValueNotAllowed),
                (new_account(EMAIL, " ", PASSWORD), Code::ValueNotAllowed),
                (new_account(EMAIL, "Jo", "password"), Code::PasswordTooWeak),
                (new_account(EMAIL, "Jo", EMAIL), Code::PasswordTooWeak),
            ] {
                let asked = ask(&world.app, world.origin().address, texts(), typed, "/").await;
                assert_eq!(refusal(asked), code);
            }
            assert!(world.emails().await.is_empty());
        });
    }
}
