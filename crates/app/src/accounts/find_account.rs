//! Loads an account whose id is known to exist.

use keystead_protocol::Code;
use keystead_protocol::id::AccountId;
use keystead_storage::Account;

use crate::context::Shared;
use crate::error::AppError;

/// The account, or `otherwise` when it was deleted.
pub(crate) async fn find_account(app: &Shared, id: AccountId, otherwise: Code) -> Result<Account, AppError> {
    app.store.read(move |connection| connection.account_by_id(id)).await?.ok_or(otherwise.into())
}
