//! Creates staff accounts. The operator creates the first one on the server's machine; there is no default password.

use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::{Account, Role};

use crate::accounts::password::{self, Password};
use crate::accounts::sign_up::{self, NewAccount};
use crate::audit::Event;
use crate::context::Shared;
use crate::principal::{Permission, Principal};

/// A staff account to create.
pub struct NewStaff {
    /// The email address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
    /// The role.
    pub role: Role,
}

/// Creates the account.
pub async fn make_staff(app: &Shared, principal: &Principal, typed: NewStaff) -> anyhow::Result<AccountId> {
    principal.require(Permission::Staff)?;
    let role = typed.role;
    let (password, work) = (Password::new(typed.password), String::new());
    let typed = NewAccount { email: typed.email, name: typed.name, password, work };
    let (email, name) = sign_up::check(&typed)?;
    let password_hash = password::choose(app, typed.password, &email).await?;
    let (id, message, now) = (app.new_id::<AccountId>(), app.new_id::<OutboxId>(), app.now());
    let account = Account {
        id,
        email: email.to_string(),
        name,
        password_hash,
        role,
        language: None,
        created_at: now,
        credentials_version: 0,
        disabled_at: None,
    };
    let actor = principal.actor();
    let made = app
        .write_as(principal, move |tx| {
            tx.account_insert(&account)?;
            Event { id: message, at: now, actor: &actor, action: "account.create_staff" }.record(
                tx,
                id,
                role.name(),
            );
            Ok(())
        })
        .await;
    match made {
        Err(error) if error.code() == Code::AlreadyExists => {
            anyhow::bail!("an account with the address {email} already exists")
        }
        made => Ok(made.map(|()| id)?),
    }
}
