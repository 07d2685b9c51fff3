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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, refusal};

    #[test]
    fn account_is_shown_to_its_person_and_to_applications_with_the_scope() {
        on_both(async |world| {
            let customer = world.customer().await;
            for principal in [customer.principal(), customer.through_application("licenses profile")] {
                let shown = show_account(&world.app, &principal).await.unwrap();
                assert_eq!((shown.id, shown.email), (customer.id(), customer.person.account.email.clone()));
            }
        });
    }

    #[test]
    fn others_see_no_account() {
        on_both(async |world| {
            let customer = world.customer().await;
            let shown = async |principal: &Principal| refusal(show_account(&world.app, principal).await);
            assert_eq!(shown(&Principal::Anonymous).await, Code::SignInRequired);
            assert_eq!(shown(&Principal::Operator).await, Code::PermissionMissing);
            assert_eq!(shown(&customer.through_application("licenses")).await, Code::PermissionMissing);
        });
    }
}
