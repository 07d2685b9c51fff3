//! Claims about the account of an access token.

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
/// [`Code::SignInRequired`] unless the principal is an application of an account. [`Code::PermissionMissing`] without
/// the scope `openid`.
pub async fn user_info(app: &Shared, principal: &Principal) -> Result<Value, AppError> {
    let Principal::Account { scope, .. } = principal else { return Err(Code::SignInRequired.into()) };
    let account = principal.require_account("openid")?.account;
    let account = find_account(app, account, Code::TokenExpired).await?;
    Ok(claims(&account, scope))
}
