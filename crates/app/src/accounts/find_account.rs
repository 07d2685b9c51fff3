//! Loads an account, or fails with the caller's code if the account was deleted.

use keystead_protocol::Code;
use keystead_protocol::id::AccountId;
use keystead_storage::Account;

use crate::context::Shared;
use crate::error::AppError;

/// Returns the account, or the error `otherwise` if the account was deleted.
pub(crate) async fn find_account(app: &Shared, id: AccountId, otherwise: Code) -> Result<Account, AppError> {
    app.store.read(move |connection| connection.account_by_id(id)).await?.ok_or(otherwise.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, refusal};

    #[test]
    fn deleted_account_is_refused_with_the_code_of_the_caller() {
        on_both(async |world| {
            let customer = world.customer().await;
            let id = customer.id();
            assert_eq!(
                find_account(&world.app, id, Code::LinkUnknown).await.unwrap(),
                customer.person.account
            );
            world.app.store.write(move |tx| tx.account_delete(id)).await.unwrap();
            let refused = find_account(&world.app, id, Code::LinkUnknown).await;
            assert_eq!(refusal(refused), Code::LinkUnknown);
        });
    }
}
