//! Making an account.

use std::net::IpAddr;

use keystead_domain::account::{Email, InputError, check_name, check_password};
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::{Account, Error, Role};

use super::password::{self, Password};
use super::tell;
use crate::app::Shared;
use crate::error::ApiError;

/// What a person types to make an account.
pub struct NewAccount {
    /// The e-mail address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: Password,
}

/// Checks what was typed.
pub fn check(typed: &NewAccount) -> Result<(Email, String), ApiError> {
    let email: Email = typed.email.parse().map_err(|error| ApiError::value("email", error))?;
    let name = check_name(&typed.name).map_err(|error| ApiError::value("name", error))?;
    check_password(&typed.password, &email).map_err(|_: InputError| ApiError::from(Code::PasswordTooWeak))?;
    Ok((email, name))
}

/// Makes a customer's account.
pub async fn sign_up(app: &Shared, from: IpAddr, typed: NewAccount) -> Result<AccountId, ApiError> {
    app.limits.sign_in(from)?;
    let (email, name) = check(&typed)?;
    let password_hash = password::hash(app, typed.password).await?;
    let (id, message, now) = (app.new_id::<AccountId>(), app.new_id::<OutboxId>(), app.now());
    let account =
        Account { id, email: email.to_string(), name, password_hash, role: Role::Customer, created_at: now };
    app.store
        .write(move |tx| {
            match tx.insert_account(&account) {
                Err(Error::Exists(_)) => return Err(Code::EmailNotAvailable.into()),
                stored => stored?,
            }
            tell(tx, message, now, &format!("account:{id}"), "account.create", id, "");
            Ok(id)
        })
        .await
}
