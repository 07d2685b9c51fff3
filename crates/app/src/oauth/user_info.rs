//! Claims about the account that owns an access token.

use keystead_protocol::Code;
use serde_json::Value;

use crate::accounts::find_account::find_account;
use crate::context::Shared;
use crate::error::AppError;
use crate::oauth::id_token::claims;
use crate::principal::Principal;

/// The claims that the application's scope allows (OpenID Connect Core 1.0, section 5.3).
///
/// # Errors
/// [`Code::SignInRequired`] unless the principal is an account's application. [`Code::PermissionMissing`]
/// without the scope `openid`.
pub async fn user_info(app: &Shared, principal: &Principal) -> Result<Value, AppError> {
    let Principal::Account { scope, .. } = principal else { return Err(Code::SignInRequired.into()) };
    let account = principal.require_account("openid")?.account;
    let account = find_account(app, account, Code::TokenExpired).await?;
    Ok(claims(&account, scope))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::principal::Permission;
    use crate::testing::{on_both, refusal};

    #[test]
    fn claims_follow_the_scope() {
        on_both(async |world| {
            let customer = world.customer_who_speaks("de-DE").await;
            let claims = async |scope: &str| {
                user_info(&world.app, &customer.through_application(scope)).await.unwrap()
            };
            assert_eq!(claims("openid").await, json!({ "sub": customer.id() }));
            let profile = json!({ "sub": customer.id(), "name": "Robin", "locale": "de-DE" });
            assert_eq!(claims("openid profile").await, profile);
            let email = &customer.person.account.email;
            let with_email = json!({ "sub": customer.id(), "email": email, "email_verified": true });
            assert_eq!(claims("openid email").await, with_email);
        });
    }

    #[test]
    fn only_applications_with_the_scope_get_claims() {
        on_both(async |world| {
            let customer = world.customer().await;
            let asked = async |principal: &Principal| refusal(user_info(&world.app, principal).await);
            assert_eq!(asked(&customer.through_application("profile")).await, Code::PermissionMissing);
            assert_eq!(asked(&customer.principal()).await, Code::SignInRequired);
            assert_eq!(asked(&Principal::Anonymous).await, Code::SignInRequired);
            let automation = world.vendor(&Permission::API_SCOPES).await;
            assert_eq!(asked(&automation).await, Code::SignInRequired);
        });
    }

    #[test]
    fn deleted_account_has_no_claims() {
        on_both(async |world| {
            let customer = world.customer().await;
            let id = customer.id();
            world.app.store.write(move |tx| tx.account_delete(id)).await.unwrap();
            let asked = user_info(&world.app, &customer.through_application("openid")).await;
            assert_eq!(refusal(asked), Code::TokenExpired);
        });
    }
}
