//! Deletes an account. Its licenses remain: each gets a new product key, which the final email lists.

use keystead_domain::Millis;
use keystead_domain::license::Ownership;
use keystead_protocol::Code;
use keystead_protocol::id::OutboxId;
use keystead_storage::Account;

use crate::accounts::reauthentication::Reauthentication;
use crate::accounts::second_factor;
use crate::audit::Event;
use crate::context::Shared;
use crate::email::draft::Draft;
use crate::error::AppError;
use crate::i18n::Texts;
use crate::licensing::unlink_license;
use crate::principal::Principal;

/// Maximum number of licenses per deletion.
const MOST: u32 = 500;

/// The effects of a deletion, shown before it.
pub struct Facts {
    /// Licenses linked to the account.
    pub licenses: usize,
    /// Whether the deletion requires a second-factor code.
    pub second_factor: bool,
}

/// Reads the effects of a deletion.
pub async fn facts(app: &Shared, principal: &Principal) -> Result<Facts, AppError> {
    let id = principal.require_person()?.account.id;
    let second_factor = second_factor::factors(app, principal).await?.totp;
    let licenses =
        app.store.read(move |connection| connection.licenses_of_account(id, None, MOST)).await?.len();
    Ok(Facts { licenses, second_factor })
}

/// Deletes the account and its personal data. Returns the new product keys of its licenses.
pub async fn delete_account(
    app: &Shared,
    principal: &Principal,
    credentials: Reauthentication,
) -> Result<Vec<String>, AppError> {
    let account = &principal.require_person()?.account;
    let code = credentials.check_password(app, principal).await?;
    let (id, now, message) = (account.id, app.now(), app.new_id::<OutboxId>());
    let licenses =
        app.store.read(move |connection| connection.licenses_of_account(id, None, MOST + 1)).await?;
    if licenses.len() > MOST as usize {
        return Err(AppError::with_detail(Code::ValueNotAllowed, "unlink some licenses first"));
    }
    let mut keys = Vec::new();
    for license in &licenses {
        keys.push((license.id, unlink_license::key_for(app, license.id).await?));
    }
    let shown: Vec<String> = keys.iter().map(|(_, key)| key.to_string()).collect();
    let draft = farewell(app, account, &shown, now);
    let shared = app.clone();
    code.guard(app, principal, move |tx| {
        let owned = tx.licenses_of_account(id, None, MOST + 1)?;
        if !owned.iter().map(|license| license.id).eq(keys.iter().map(|(license, _)| *license)) {
            // The set of linked licenses changed after the keys were generated.
            return Err(Code::Overloaded.into());
        }
        for (license, key) in &keys {
            tx.license_set_ownership(*license, Ownership::Held)?;
            unlink_license::replace_key(tx, &shared, *license, *key, now)?;
        }
        draft.enqueue(tx)?;
        tx.account_delete(id)?;
        tx.personal_fields_erase(&id.to_string())?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.delete" }
            .record(tx, id, "");
        Ok(())
    })
    .await?;
    Ok(shown)
}

fn farewell(app: &Shared, account: &Account, keys: &[String], now: Millis) -> Draft {
    let texts = Texts::of(account.language.as_deref().unwrap_or_default());
    let text = texts.say("email-deleted").with("name", &account.name).with("count", keys.len());
    let text = text.with("keys", keys.join("\n"));
    Draft::new(app, &account.email, texts.say("email-deleted-subject"), text, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::sign_in;
    use crate::accounts::sign_in_event::Method;
    use crate::testing::{Customer, Device, World, on_both, refusal, typed};

    async fn deleted(world: &World, customer: &Customer) -> Result<Vec<String>, AppError> {
        delete_account(&world.app, &customer.principal(), customer.credentials()).await
    }

    #[test]
    fn licenses_survive_with_new_product_keys() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key_with(|rules| rules.seats = 2).await);
            let license = world.linked(&Device::new(1), &key, &customer).await.license;
            let facts = facts(&world.app, &customer.principal()).await.unwrap();
            assert_eq!((facts.licenses, facts.second_factor), (1, false));
            let keys = deleted(&world, &customer).await.unwrap();
            assert_eq!(world.license(license).await.ownership, Ownership::Held);
            assert_eq!(refusal(world.activate(&Device::new(2), &key).await), Code::ProductKeyNotAccepted);
            assert_eq!(world.activated(&Device::new(2), &keys[0]).await.license, license);
            let farewell = world.email_to(&customer.person.account.email).await;
            assert_eq!(farewell.subject, "Your account was deleted");
            assert!(farewell.text.contains(&keys[0]));
        });
    }

    #[test]
    fn account_its_sessions_and_addresses_of_sign_ins_are_erased() {
        on_both(async |world| {
            let customer = world.customer().await;
            let account = &customer.person.account;
            let opened = sign_in::open(&world.app, account, &world.origin(), Method::Password, None).await;
            let secret = opened.unwrap();
            deleted(&world, &customer).await.unwrap();
            assert_eq!(world.account(customer.id()).await, None);
            assert_eq!(sign_in::session(&world.app, secret.expose()).await.unwrap(), None);
            let events = world.audit(customer.id()).await;
            let actions: Vec<&str> = events.iter().map(|event| event.action.as_str()).collect();
            assert_eq!(actions, ["sign_in.succeed", "account.delete"]);
            assert!(events.iter().all(|event| event.personal.is_none()));
            assert_eq!(refusal(deleted(&world, &customer).await), Code::TokenExpired);
        });
    }

    #[test]
    fn password_and_code_are_required() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let wrong = Reauthentication { password: typed("wrong"), code: String::new() };
            let refused = delete_account(&world.app, &customer.principal(), wrong).await;
            assert_eq!(refusal(refused), Code::PasswordWrong);
            let app = world.set_up_app(&mut customer).await;
            assert!(facts(&world.app, &customer.principal()).await.unwrap().second_factor);
            assert_eq!(refusal(deleted(&world, &customer).await), Code::CodeWrong);
            assert!(world.account(customer.id()).await.is_some());
            let credentials = app.credentials(&world);
            delete_account(&world.app, &customer.principal(), credentials).await.unwrap();
            assert_eq!(world.account(customer.id()).await, None);
        });
    }

    #[test]
    fn only_a_signed_in_person_deletes_the_account() {
        on_both(async |world| {
            let customer = world.customer().await;
            let attempt = async |principal: &Principal| {
                delete_account(&world.app, principal, customer.credentials()).await
            };
            world.assert_for_persons_only(&customer, attempt).await;
            world.sign_out(&customer).await;
            assert_eq!(refusal(deleted(&world, &customer).await), Code::TokenExpired);
            assert!(world.account(customer.id()).await.is_some());
        });
    }
}
