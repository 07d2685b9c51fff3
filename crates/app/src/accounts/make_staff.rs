//! Creates staff accounts. There is no default password: the operator creates the first account on the
//! server's machine.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, as_refusal, on_both, refusal};

    const EMAIL: &str = "jo@example.org";

    fn typed(email: &str, password: &str) -> NewStaff {
        NewStaff {
            email: email.to_owned(),
            name: " Jo ".to_owned(),
            password: password.to_owned(),
            role: Role::Support,
        }
    }

    async fn made(world: &World, principal: &Principal) -> anyhow::Result<AccountId> {
        make_staff(&world.app, principal, typed(EMAIL, "nine calm otters at the pier")).await
    }

    #[test]
    fn operator_makes_the_first_staff_account() {
        on_both(async |world| {
            let id = made(&world, &Principal::Operator).await.unwrap();
            let account = world.account(id).await.unwrap();
            assert_eq!((account.email.as_str(), account.name.as_str()), (EMAIL, "Jo"));
            assert_eq!(account.role, Role::Support);
            let events = world.audit(id).await;
            assert_eq!(events[0].action, "account.create_staff");
            assert_eq!((events[0].actor.as_str(), events[0].detail.as_str()), ("operator", "support"));
        });
    }

    #[test]
    fn address_with_an_account_is_refused() {
        on_both(async |world| {
            made(&world, &Principal::Operator).await.unwrap();
            let refused = made(&world, &Principal::Operator).await.unwrap_err();
            assert!(refused.to_string().contains(EMAIL), "{refused}");
        });
    }

    #[test]
    fn weak_password_and_malformed_address_are_refused() {
        on_both(async |world| {
            let (app, operator) = (&world.app, Principal::Operator);
            let weak = make_staff(app, &operator, typed(EMAIL, "password")).await;
            assert_eq!(refusal(as_refusal(weak)), Code::PasswordTooWeak);
            let malformed = make_staff(app, &operator, typed("jo", "nine calm otters at the pier")).await;
            assert_eq!(refusal(as_refusal(malformed)), Code::ValueNotAllowed);
        });
    }

    #[test]
    fn only_administrators_and_the_operator_make_staff() {
        on_both(async |world| {
            let attempt = async |principal: &Principal| as_refusal(made(&world, principal).await);
            world.assert_needs(Permission::Staff, attempt).await;
            let support = world.staff(Role::Support).await;
            assert_eq!(refusal(attempt(&support).await), Code::PermissionMissing);
            assert!(attempt(&world.staff(Role::Admin).await).await.is_ok());
        });
    }
}
