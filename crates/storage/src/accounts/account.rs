//! Accounts.

use std::str::FromStr;

use keystead_domain::Millis;
use keystead_domain::account::Email;
use keystead_protocol::id::AccountId;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::connection::statement::update;
use crate::{Error, Tx};

/// The role of an account. It grants permissions beyond the account's own data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// No further permissions.
    Customer,
    /// Read the vendor's data and help customers.
    Support,
    /// All vendor permissions.
    Admin,
}

impl Role {
    const ALL: [Role; 3] = [Role::Customer, Role::Support, Role::Admin];

    /// The name in the database and in commands.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Customer => "customer",
            Role::Support => "support",
            Role::Admin => "admin",
        }
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|role| role.name() == name);
        known.ok_or_else(|| Error::inconsistent("account", format!("role {name}")))
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The email address.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The argon2id hash of the password, in PHC string format.
    pub password_hash: String,
    /// The role.
    pub role: Role,
    /// The language that the person chose, such as `de-DE`. If it is `None`, the browser's language applies.
    pub language: Option<String>,
    /// Time of creation.
    pub created_at: Millis,
    /// Increases when the password, address, second factor, passkeys, linked upstream accounts or role
    /// change, and when sign-in is disabled or enabled.
    pub credentials_version: i64,
    /// When sign-in was disabled; `None` while sign-in is enabled.
    pub disabled_at: Option<Millis>,
}

pub(crate) fn account(row: &Row<'_>) -> Result<Account, Error> {
    Ok(Account {
        id: row.id("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        password_hash: row.get("password_hash")?,
        role: row.text("role")?.parse()?,
        language: row.get("language")?,
        created_at: row.get("created_at")?,
        credentials_version: row.get("credentials_version")?,
        disabled_at: row.get("disabled_at")?,
    })
}

/// The columns of an account with the alias `a`.
macro_rules! account_columns {
    () => {
        "a.id, a.email, a.name, a.password_hash, a.role, a.language, a.created_at, a.credentials_version, a.disabled_at"
    };
}
pub(crate) use account_columns;

impl Connection {
    /// An account by its id.
    pub fn account_by_id(&mut self, id: AccountId) -> Result<Option<Account>, Error> {
        self.query_one(
            concat!("SELECT ", account_columns!(), " FROM account a WHERE a.id = $1"),
            params![id.as_bytes()],
            account,
        )
    }

    /// An account by its email address.
    pub fn account_by_email(&mut self, email: &Email) -> Result<Option<Account>, Error> {
        self.query_one(
            concat!("SELECT ", account_columns!(), " FROM account a WHERE a.email = $1"),
            params![&email.to_string()],
            account,
        )
    }

    /// Staff accounts, oldest first, including disabled ones.
    pub fn accounts_of_staff(&mut self, limit: u32) -> Result<Vec<Account>, Error> {
        self.query(
            concat!(
                "SELECT ",
                account_columns!(),
                " FROM account a WHERE a.role <> 'customer' ORDER BY a.id LIMIT $1"
            ),
            params![limit],
            account,
        )
    }
}

impl Tx<'_> {
    /// Sets an account's role.
    pub fn account_set_role(&mut self, id: AccountId, role: Role) -> Result<(), Error> {
        self.change("UPDATE account SET role = $2 WHERE id = $1", params![id.as_bytes(), role.name()])?;
        self.account_bump_credentials(id)
    }

    /// Disables sign-in as of `disabled_at`. `None` enables sign-in again.
    pub fn account_set_disabled(&mut self, id: AccountId, disabled_at: Option<Millis>) -> Result<(), Error> {
        self.change(
            "UPDATE account SET disabled_at = $2 WHERE id = $1",
            params![id.as_bytes(), disabled_at],
        )?;
        self.account_bump_credentials(id)
    }

    /// Stores an account. Fails with [`Error::UniqueViolation`] if another account has the address.
    pub fn account_insert(&mut self, account: &Account) -> Result<(), Error> {
        insert!(self.change, "account" {
            id: account.id.as_bytes(),
            email: &account.email,
            name: &account.name,
            password_hash: &account.password_hash,
            role: account.role.name(),
            language: account.language.as_ref(),
            created_at: account.created_at,
        })
    }

    /// Sets a person's name and the language of their pages and emails.
    pub fn account_set_profile(
        &mut self,
        id: AccountId,
        name: &str,
        language: Option<&str>,
    ) -> Result<(), Error> {
        update!(self.change, "account" { id: id.as_bytes() } set { name: name, language: language })
    }

    /// Changes an account's password.
    pub fn account_set_password(&mut self, id: AccountId, hash: &str) -> Result<(), Error> {
        self.change("UPDATE account SET password_hash = $2 WHERE id = $1", params![id.as_bytes(), hash])?;
        self.account_bump_credentials(id)
    }

    /// Increments `credentials_version`. Requests that began with the old version then fail their credential
    /// check.
    pub(crate) fn account_bump_credentials(&mut self, id: AccountId) -> Result<(), Error> {
        self.change(
            "UPDATE account SET credentials_version = credentials_version + 1 WHERE id = $1",
            params![id.as_bytes()],
        )
    }

    /// Increments `credentials_version` if a statement on credentials changed any `rows`. Returns whether it
    /// did.
    pub(crate) fn account_credential_changed(&mut self, id: AccountId, rows: u64) -> Result<bool, Error> {
        if rows > 0 {
            self.account_bump_credentials(id)?;
        }
        Ok(rows > 0)
    }

    /// Removes the account's passkeys and linked upstream accounts.
    pub fn account_remove_passwordless_sign_in(&mut self, id: AccountId) -> Result<(), Error> {
        self.change("DELETE FROM passkey WHERE account_id = $1", params![id.as_bytes()])?;
        self.change("DELETE FROM upstream_identity WHERE account_id = $1", params![id.as_bytes()])?;
        self.account_bump_credentials(id)
    }

    /// Changes an account's email address. Fails with [`Error::UniqueViolation`] if another account has the
    /// address.
    pub fn account_set_email(&mut self, id: AccountId, email: &str) -> Result<(), Error> {
        self.execute("UPDATE account SET email = $2 WHERE id = $1", params![id.as_bytes(), email])?;
        self.account_bump_credentials(id)
    }

    /// Deletes an account and its data. The caller unlinks the account's licenses first.
    pub fn account_delete(&mut self, id: AccountId) -> Result<(), Error> {
        const STEPS: [&str; 14] = [
            "DELETE FROM app_token WHERE session_id IN (SELECT id FROM app_session WHERE account_id = $1)",
            "DELETE FROM app_session WHERE account_id = $1",
            "DELETE FROM web_session WHERE account_id = $1",
            "DELETE FROM authorization_code WHERE account_id = $1",
            "DELETE FROM device_grant WHERE account_id = $1",
            "DELETE FROM email_link WHERE account_id = $1",
            "DELETE FROM mfa_challenge WHERE account_id = $1",
            "DELETE FROM recovery_code WHERE account_id = $1",
            "DELETE FROM totp WHERE account_id = $1",
            "DELETE FROM passkey WHERE account_id = $1",
            "DELETE FROM upstream_identity WHERE account_id = $1",
            "DELETE FROM consent WHERE account_id = $1",
            "UPDATE license SET owner_id = NULL, owned_since_at = NULL WHERE owner_id = $1",
            "DELETE FROM account WHERE id = $1",
        ];
        STEPS.into_iter().try_for_each(|sql| self.change(sql, params![id.as_bytes()]))
    }
}
