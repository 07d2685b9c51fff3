//! Lists an account's sessions and ends them.

use keystead_protocol::Code;
use keystead_protocol::id::{OutboxId, SessionId};
use keystead_storage::{AppSession, Error, SignInRow, WebSession};

use crate::accounts::password::{self, Password};
use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::principal::Principal;

/// Maximum number of sessions listed per kind.
const MOST: u32 = 100;

/// Number of sign-ins listed.
const SIGN_INS: u32 = 10;

/// An account's sessions and recent sign-ins.
pub struct Sessions {
    /// Browser sessions.
    pub browsers: Vec<WebSession>,
    /// Application sessions.
    pub applications: Vec<AppSession>,
    /// Sign-in attempts, successful or not, latest first.
    pub sign_ins: Vec<SignInRow>,
}

/// Lists the person's sessions and recent sign-ins.
pub async fn sessions(app: &Shared, principal: &Principal) -> Result<Sessions, AppError> {
    let account = &principal.require_person_for_setup()?.account;
    let (id, now) = (account.id, app.now());
    let seen_after = now - app.config.sign_in.idle(account.role);
    let found: Result<_, Error> = app
        .store
        .read(move |connection| {
            Ok(Sessions {
                browsers: connection.web_sessions_of_account(id, now, seen_after, MOST)?,
                applications: connection.app_sessions_of_account(id, now, MOST)?,
                sign_ins: connection.sign_ins_of_subject(&id.to_string(), SIGN_INS)?,
            })
        })
        .await;
    Ok(found?)
}

/// Ends one browser or application session.
pub async fn end_session(app: &Shared, principal: &Principal, session: SessionId) -> Result<(), AppError> {
    let account = principal.require_person()?.account.id;
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    app.write_as(principal, move |tx| {
        if !tx.session_end(account, session, now)? {
            return Err(Code::NotFound.into());
        }
        Event { id: message, at: now, actor: &format!("account:{account}"), action: "session.end" }
            .record(tx, session, "");
        Ok(())
    })
    .await
}

/// Ends every other session of the account.
pub async fn end_other_sessions(
    app: &Shared,
    principal: &Principal,
    password: Password,
) -> Result<(), AppError> {
    let person = principal.require_person()?;
    password::require(app, &person.account, password).await?;
    let (account, here) = (person.account.id, person.session.id);
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    app.write_as(principal, move |tx| {
        tx.sessions_end(account, Some(here), now)?;
        Event { id: message, at: now, actor: &format!("account:{account}"), action: "session.end_others" }
            .record(tx, account, "");
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::Person;
    use crate::testing::{Customer, PASSWORD, World, on_both, refusal, typed};

    async fn listed(world: &World, customer: &Customer) -> Sessions {
        sessions(&world.app, &customer.principal()).await.unwrap()
    }

    #[test]
    fn browsers_and_applications_are_ended_one_by_one() {
        on_both(async |world| {
            let customer = world.customer().await;
            let other = world.sign_in(customer.person.account.clone()).await.person.session.id;
            world.application(&customer, "licenses", None).await;
            let found = listed(&world, &customer).await;
            assert_eq!((found.browsers.len(), found.applications.len()), (2, 1));
            for session in [other, found.applications[0].id] {
                end_session(&world.app, &customer.principal(), session).await.unwrap();
                assert_eq!(world.actions(session).await, ["session.end"]);
                let again = end_session(&world.app, &customer.principal(), session).await;
                assert_eq!(refusal(again), Code::NotFound);
            }
            let left = listed(&world, &customer).await;
            assert_eq!((left.browsers.len(), left.applications.len()), (1, 0));
        });
    }

    #[test]
    fn session_of_another_account_is_not_found() {
        on_both(async |world| {
            let (customer, other) = (world.customer().await, world.customer().await);
            let theirs = other.person.session.id;
            let refused = end_session(&world.app, &customer.principal(), theirs).await;
            assert_eq!(refusal(refused), Code::NotFound);
            assert_eq!(listed(&world, &other).await.browsers.len(), 1);
        });
    }

    #[test]
    fn all_other_sessions_end_with_the_password() {
        on_both(async |world| {
            let customer = world.customer().await;
            world.sign_in(customer.person.account.clone()).await;
            world.application(&customer, "licenses", None).await;
            let ended = async |password: &str| {
                end_other_sessions(&world.app, &customer.principal(), typed(password)).await
            };
            assert_eq!(refusal(ended("wrong").await), Code::PasswordWrong);
            assert_eq!(listed(&world, &customer).await.browsers.len(), 2);
            ended(PASSWORD).await.unwrap();
            let left = listed(&world, &customer).await;
            assert_eq!(left.browsers, std::slice::from_ref(&customer.person.session));
            assert!(left.applications.is_empty());
            let last = world.actions(customer.id()).await.pop();
            assert_eq!(last.as_deref(), Some("session.end_others"));
        });
    }

    #[test]
    fn person_without_a_required_second_factor_only_sees_sessions() {
        on_both(async |world| {
            let customer = world.customer().await;
            let person = Person { needs_second_factor: true, ..customer.person.clone() };
            let customer = Customer { person };
            let here = listed(&world, &customer).await.browsers[0].id;
            let refused = end_session(&world.app, &customer.principal(), here).await;
            assert_eq!(refusal(refused), Code::SecondFactorRequired);
        });
    }

    #[test]
    fn only_a_signed_in_person_ends_sessions() {
        on_both(async |world| {
            let customer = world.customer().await;
            let here = customer.person.session.id;
            let end = async |principal: &Principal| end_session(&world.app, principal, here).await;
            world.assert_for_persons_only(&customer, end).await;
            let list = async |principal: &Principal| sessions(&world.app, principal).await.map(|_| ());
            world.assert_for_persons_only(&customer, list).await;
            world.sign_out(&customer).await;
            assert_eq!(refusal(end(&customer.principal()).await), Code::TokenExpired);
            let others = end_other_sessions(&world.app, &customer.principal(), typed(PASSWORD)).await;
            assert_eq!(refusal(others), Code::TokenExpired);
        });
    }
}
