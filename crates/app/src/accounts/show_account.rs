//! The signed-in account.

use keystead_protocol::Code;
use keystead_protocol::api::AccountView;
use keystead_storage::Account;

use crate::context::Shared;
use crate::error::AppError;
use crate::oauth::scope::PROFILE;
use crate::principal::Principal;

/// The principal's account, without its secrets.
///
/// # Errors
/// [`Code::SignInRequired`], [`Code::PermissionMissing`]
pub async fn show_account(app: &Shared, principal: &Principal) -> Result<AccountView, AppError> {
    let id = principal.require_account(PROFILE)?.account;
    let account = app.store.read(move |connection| connection.account_by_id(id)).await?;
    let Account { id, email, name, created_at, .. } = account.ok_or(AppError::from(Code::NotFound))?;
    Ok(AccountView { id, email, name, created_at })
}
