//! Changes the password of a signed-in account. The current password is required.

use keystead_domain::guess_limits::Door;
use keystead_protocol::Code;
use keystead_protocol::id::OutboxId;

use crate::accounts::password::{self, Password};
use crate::accounts::second_factor;
use crate::audit::Event;
use crate::context::Shared;
use crate::email::notifications;
use crate::error::AppError;
use crate::principal::Principal;
use crate::security::attempts;
use crate::security::bearer::{Bearer, Kind};

/// Changes the password and ends all other sessions. This session gets a new secret, so a copied cookie stops
/// working. `code` is the second-factor code, for accounts that have a second factor.
pub async fn change_password(
    app: &Shared,
    principal: &Principal,
    old: Password,
    new: Password,
    code: &str,
) -> Result<Bearer, AppError> {
    let person = principal.require_person()?;
    let account = &person.account;
    password::require(app, account, old).await?;
    let email = account.email.parse().map_err(|_| AppError::from(Code::Internal))?;
    let hash = password::choose(app, new, &email).await?;
    let (id, here, now, message) = (account.id, person.session.id, app.now(), app.new_id::<OutboxId>());
    let draft = notifications::password_changed(app, account, now);
    let secret = Bearer::new(Kind::WebSession);
    let (shared, owner, digest) = (app.clone(), account.clone(), secret.digest());
    let typed = second_factor::TypedCode { door: Door::SecondFactorAgain, account: id, code };
    second_factor::guarded(app, principal, typed, move |tx| {
        tx.account_set_password(id, &hash)?;
        attempts::open_password_doors(&shared, tx, &owner)?;
        tx.email_links_delete(id)?;
        tx.sessions_end(id, Some(here), now)?;
        tx.web_session_set_secret(here, &digest)?;
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.change_password" }
            .record(tx, id, "");
        Ok(())
    })
    .await
    .map(|()| secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::end_session::sessions;
    use crate::accounts::sign_in::{self, SignIn};
    use crate::accounts::{password, recover};
    use crate::testing::{Customer, PASSWORD, World, on_both, refusal, texts, typed};

    const NEW: &str = "eleven quiet lamps by the river";

    async fn changed(world: &World, customer: &Customer, old: &str, new: &str) -> Result<Bearer, AppError> {
        change_password(&world.app, &customer.principal(), typed(old), typed(new), "").await
    }

    async fn signed_in(world: &World, customer: &Customer, password: &str) -> Result<SignIn, AppError> {
        let email = &customer.person.account.email;
        sign_in::sign_in(&world.app, &world.origin(), email, typed(password)).await
    }

    #[test]
    fn new_password_replaces_the_old_one_and_ends_other_sessions() {
        on_both(async |world| {
            let customer = world.customer().await;
            world.sign_in(customer.person.account.clone()).await;
            world.application(&customer, "licenses", None).await;
            let secret = changed(&world, &customer, PASSWORD, NEW).await.unwrap();
            let here = sign_in::session(&world.app, secret.expose()).await.unwrap();
            let person = here.expect("the new secret signs this browser in");
            assert_eq!(person.session.id, customer.person.session.id);
            let left = sessions(&world.app, &customer.principal()).await.unwrap();
            assert_eq!((left.browsers.len(), left.applications.len()), (1, 0));
            assert!(signed_in(&world, &customer, NEW).await.is_ok());
            assert_eq!(refusal(signed_in(&world, &customer, PASSWORD).await), Code::CredentialsWrong);
            let told = world.subjects_to(&customer.person.account.email).await;
            assert_eq!(told, ["Your password was changed"]);
            assert!(world.actions(customer.id()).await.contains(&"account.change_password".to_owned()));
        });
    }

    #[test]
    fn wrong_password_weak_password_and_missing_code_are_refused() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let refused = changed(&world, &customer, "wrong", NEW).await;
            assert_eq!(refusal(refused), Code::PasswordWrong);
            let refused = changed(&world, &customer, PASSWORD, "too short").await;
            assert_eq!(refusal(refused), Code::PasswordTooWeak);
            world.set_up_app(&mut customer).await;
            assert_eq!(refusal(changed(&world, &customer, PASSWORD, NEW).await), Code::CodeWrong);
            let hash = world.account(customer.id()).await.unwrap().password_hash;
            assert!(password::fits(&world.app, typed(PASSWORD), Some(hash)).await.unwrap());
        });
    }

    #[test]
    fn locked_password_is_unlocked_by_a_new_one() {
        on_both(async |world| {
            let customer = world.customer().await;
            for _ in 0..Door::Password.free_failures() {
                assert_eq!(refusal(signed_in(&world, &customer, "wrong").await), Code::CredentialsWrong);
            }
            assert_eq!(refusal(signed_in(&world, &customer, PASSWORD).await), Code::TooManyAttempts);
            changed(&world, &customer, PASSWORD, NEW).await.unwrap();
            assert!(signed_in(&world, &customer, NEW).await.is_ok());
        });
    }

    #[test]
    fn links_sent_before_are_void() {
        on_both(async |world| {
            let customer = world.customer().await;
            let email = &customer.person.account.email;
            recover::ask(&world.app, &world.origin(), texts(), email).await.unwrap();
            let token = world.link_sent_to(email).await;
            changed(&world, &customer, PASSWORD, NEW).await.unwrap();
            let reset = recover::reset(&world.app, &world.origin(), &token, typed(PASSWORD), "").await;
            assert_eq!(refusal(reset), Code::LinkUnknown);
        });
    }

    #[test]
    fn only_a_signed_in_person_changes_the_password() {
        on_both(async |world| {
            let customer = world.customer().await;
            let attempt = async |principal: &Principal| {
                change_password(&world.app, principal, typed(PASSWORD), typed(NEW), "").await
            };
            world.assert_for_persons_only(&customer, attempt).await;
            world.sign_out(&customer).await;
            assert_eq!(refusal(changed(&world, &customer, PASSWORD, NEW).await), Code::TokenExpired);
        });
    }
}
