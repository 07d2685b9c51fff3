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
        // Links that were sent earlier would survive the ended sessions.
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

/// Ends all sessions of an account, for an administrator.
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
