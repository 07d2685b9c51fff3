//! "Delete account". Licenses survive: each gets a new product key, sent in the final email.

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

/// Facts shown before the deletion.
pub struct Facts {
    /// Licenses linked to the account.
    pub licenses: usize,
    /// Whether the deletion requires a second-factor code.
    pub second_factor: bool,
}

/// The facts to show before the deletion.
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
            // A license was linked or unlinked after the keys were drawn.
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
