//! Account management by the operator and administrators: list staff, disable accounts, change roles, sign accounts
//! out.

use keystead_domain::account::Email;
use keystead_protocol::Code;
use keystead_protocol::api::{SignOutRequest, SignedOut};
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::{Account, Role, Tx};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::change_license_status::check_reason;
use crate::principal::{Permission, Principal};
use crate::request::SignedRequest;

/// Maximum number of accounts listed.
const MAX_LISTED: u32 = 1000;

/// A change of an account by the operator or an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountChange {
    /// Disable sign-in and end all sessions.
    Disable,
    /// Enable sign-in again.
    Enable,
    /// Change the account's role and end all its sessions.
    SetRole(Role),
    /// End all sessions.
    SignOut,
}

impl AccountChange {
    const fn action(self) -> &'static str {
        match self {
            AccountChange::Disable => "account.disable",
            AccountChange::Enable => "account.enable",
            AccountChange::SetRole(_) => "account.set_role",
            AccountChange::SignOut => "account.sign_out",
        }
    }

    const fn permission(self) -> Permission {
        match self {
            AccountChange::Disable | AccountChange::Enable | AccountChange::SetRole(_) => Permission::Staff,
            AccountChange::SignOut => Permission::Accounts,
        }
    }

    fn apply(self, tx: &mut Tx<'_>, id: AccountId, now: i64) -> Result<(), AppError> {
        match self {
            AccountChange::Disable => tx.account_set_disabled(id, Some(now))?,
            AccountChange::Enable => tx.account_set_disabled(id, None)?,
            AccountChange::SetRole(role) => tx.account_set_role(id, role)?,
            AccountChange::SignOut => {}
        }
        // Ending the sessions does not invalidate the links in earlier emails.
        tx.email_links_delete(id)?;
        Ok(tx.sessions_end(id, None, now)?)
    }
}

/// Staff accounts, oldest first.
pub async fn list_staff(app: &Shared, principal: &Principal) -> Result<Vec<Account>, AppError> {
    principal.require(Permission::Staff)?;
    Ok(app.store.read(|connection| connection.accounts_of_staff(MAX_LISTED)).await?)
}

/// Changes the account with this address.
///
/// # Errors
/// [`Code::NotFound`] when no account has the address.
pub async fn change_account(
    app: &Shared,
    principal: &Principal,
    email: &str,
    change: AccountChange,
) -> Result<AccountId, AppError> {
    principal.require(change.permission())?;
    let email: Email = email.parse().map_err(|error| AppError::value("email", error))?;
    let (now, message, actor) = (app.now(), app.new_id::<OutboxId>(), principal.actor());
    app.write_as(principal, move |tx| {
        let account = tx.account_by_email(&email)?.ok_or(AppError::from(Code::NotFound))?;
        change.apply(tx, account.id, now)?;
        let detail = match change {
            AccountChange::SetRole(role) => role.name(),
            _ => "",
        };
        Event { id: message, at: now, actor: &actor, action: change.action() }.record(tx, account.id, detail);
        Ok(account.id)
    })
    .await
}

/// Ends all sessions of an account. Requires [`Permission::Accounts`].
///
/// # Errors
/// [`Code::NotFound`] when no account has the address.
pub async fn sign_out(
    app: &Shared,
    principal: &Principal,
    asked: &SignOutRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<SignedOut>, AppError> {
    principal.require(Permission::Accounts)?;
    let reason = check_reason(&asked.reason)?;
    let email: Email = asked.email.parse().map_err(|error| AppError::value("email", error))?;
    let (now, message, actor) = (app.now(), app.new_id::<OutboxId>(), principal.actor());
    IdempotentRequest::new(request, principal, None)
        .run(app, move |tx| {
            let account = tx.account_by_email(&email)?.ok_or(AppError::from(Code::NotFound))?;
            AccountChange::SignOut.apply(tx, account.id, now)?;
            Event { id: message, at: now, actor: &actor, action: AccountChange::SignOut.action() }
                .record(tx, account.id, &reason);
            Ok(Outcome::Done(SignedOut { account: account.id }))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::sign_in::{self, SignIn};
    use crate::accounts::sign_in_event::Method;
    use crate::accounts::{end_session, recover};
    use crate::testing::{Customer, PASSWORD, World, on_both, refusal, texts, typed, value};

    async fn changed(world: &World, customer: &Customer, change: AccountChange) {
        let email = &customer.person.account.email;
        change_account(&world.app, &Principal::Operator, email, change).await.unwrap();
    }

    /// Signs a customer in with a new browser.
    async fn opened(world: &World, customer: &Customer) -> Result<(), AppError> {
        let (app, origin) = (&world.app, world.origin());
        let checked = sign_in::sign_in(app, &origin, &customer.person.account.email, typed(PASSWORD)).await?;
        let SignIn::Done(account) = checked else { panic!("there is no second factor") };
        sign_in::open(app, &account, &origin, Method::Password, None).await.map(|_| ())
    }

    fn sign_out_request(email: &str, reason: &str) -> SignOutRequest {
        SignOutRequest { email: email.to_owned(), reason: reason.to_owned() }
    }

    #[test]
    fn disabled_account_is_signed_out_and_cannot_sign_in_until_it_is_enabled() {
        on_both(async |world| {
            let customer = world.customer().await;
            changed(&world, &customer, AccountChange::Disable).await;
            let here = customer.person.session.id;
            let refused = end_session::end_session(&world.app, &customer.principal(), here).await;
            assert_eq!(refusal(refused), Code::TokenExpired);
            assert_eq!(refusal(opened(&world, &customer).await), Code::CredentialsWrong);
            changed(&world, &customer, AccountChange::Enable).await;
            opened(&world, &customer).await.unwrap();
            let actions = world.actions(customer.id()).await;
            assert!(actions.contains(&"account.disable".to_owned()), "{actions:?}");
            assert!(actions.contains(&"account.enable".to_owned()), "{actions:?}");
        });
    }

    #[test]
    fn role_changes_and_ends_the_sessions() {
        on_both(async |world| {
            let customer = world.customer().await;
            changed(&world, &customer, AccountChange::SetRole(Role::Admin)).await;
            let staff = list_staff(&world.app, &Principal::Operator).await.unwrap();
            assert_eq!(staff.iter().map(|account| account.id).collect::<Vec<_>>(), [customer.id()]);
            let left = end_session::sessions(&world.app, &customer.principal()).await.unwrap();
            assert!(left.browsers.is_empty());
            let event = world.audit(customer.id()).await.pop().unwrap();
            assert_eq!((event.action.as_str(), event.detail.as_str()), ("account.set_role", "admin"));
        });
    }

    #[test]
    fn support_signs_an_account_out_with_a_reason() {
        on_both(async |world| {
            let customer = world.customer().await;
            let email = &customer.person.account.email;
            recover::ask(&world.app, &world.origin(), texts(), email).await.unwrap();
            let token = world.link_sent_to(email).await;
            let (automation, request) = (world.vendor(&[Permission::Accounts]).await, world.request());
            let asked = sign_out_request(email, " the laptop was stolen ");
            let once = value(sign_out(&world.app, &automation, &asked, &request).await);
            assert_eq!(once.account, customer.id());
            let again = value(sign_out(&world.app, &automation, &asked, &request).await);
            assert_eq!(again.account, customer.id());
            let events = world.audit(customer.id()).await;
            let signed_out: Vec<_> =
                events.iter().filter(|event| event.action == "account.sign_out").collect();
            assert_eq!(signed_out.len(), 1);
            assert_eq!(signed_out[0].detail, "the laptop was stolen");
            let reset = recover::reset(&world.app, &world.origin(), &token, typed(PASSWORD), "").await;
            assert_eq!(refusal(reset), Code::LinkUnknown);
        });
    }

    #[test]
    fn unknown_address_and_missing_reason_are_refused() {
        on_both(async |world| {
            let email = world.customer().await.person.account.email;
            let (operator, request) = (Principal::Operator, world.request());
            let change = AccountChange::SignOut;
            let unknown = change_account(&world.app, &operator, "no@example.org", change).await;
            assert_eq!(refusal(unknown), Code::NotFound);
            let malformed = change_account(&world.app, &operator, "no address", change).await;
            assert_eq!(refusal(malformed), Code::ValueNotAllowed);
            let refused = async |email: &str, reason: &str| {
                let asked = sign_out_request(email, reason);
                refusal(sign_out(&world.app, &operator, &asked, &request).await)
            };
            assert_eq!(refused("no@example.org", "a test").await, Code::NotFound);
            assert_eq!(refused(&email, "  ").await, Code::ValueNotAllowed);
        });
    }

    #[test]
    fn each_change_needs_its_permission() {
        on_both(async |world| {
            let customer = world.customer().await;
            let email = &customer.person.account.email;
            for change in [AccountChange::Disable, AccountChange::Enable, AccountChange::SetRole(Role::Admin)]
            {
                let attempt =
                    async |principal: &Principal| change_account(&world.app, principal, email, change).await;
                world.assert_needs(Permission::Staff, attempt).await;
            }
            let asked = sign_out_request(email, "a test");
            let attempt =
                async |principal: &Principal| sign_out(&world.app, principal, &asked, &world.request()).await;
            world.assert_needs(Permission::Accounts, attempt).await;
            let list = async |principal: &Principal| list_staff(&world.app, principal).await;
            world.assert_needs(Permission::Staff, list).await;
            let automation = world.vendor(&[Permission::Accounts]).await;
            world.revoke(&automation).await;
            assert_eq!(refusal(attempt(&automation).await), Code::TokenExpired);
        });
    }
}
