//! "Delete my account". Licenses outlive it: each gets a new product key, which is sent with the last letter.

use keystead_domain::Millis;
use keystead_domain::license::Ownership;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::{Account, Error, Tx};

use super::password::{self, Password};
use super::{second_factor, tell, unlink_license};
use crate::app::Shared;
use crate::error::ApiError;
use crate::mail::Draft;
use crate::texts::Texts;

/// Licenses of an account that is deleted at the most; nobody's hands are full of more.
const MOST: u32 = 500;

/// What is said before.
pub struct Facts {
    /// Licenses that are linked to the account.
    pub licenses: usize,
    /// Whether a code of the second factor is asked for.
    pub second_factor: bool,
}

/// What deleting will do.
pub async fn facts(app: &Shared, id: AccountId) -> Result<Facts, ApiError> {
    let second_factor = second_factor::factors(app, id).await?.totp;
    let licenses = app.store.read(move |reader| reader.licenses_of(id, None, MOST)).await?.len();
    Ok(Facts { licenses, second_factor })
}

/// Deletes the account and everything personal in it.
pub async fn delete_account(
    app: &Shared,
    account: &Account,
    password: Password,
    code: &str,
) -> Result<(), ApiError> {
    password::require(app, account, password).await?;
    let id = account.id;
    let licenses = app.store.read(move |reader| reader.licenses_of(id, None, MOST + 1)).await?;
    if licenses.len() > MOST as usize {
        return Err(ApiError::with_detail(Code::ValueNotAllowed, "unlink some licenses first"));
    }
    let mut keys = Vec::new();
    for license in &licenses {
        keys.push((license.id, unlink_license::key_for(app, license.id).await?));
    }
    let texts = Texts::of(account.language.as_deref().unwrap_or_default());
    let list: String = keys.iter().map(|(_, key)| format!("{key}\n")).collect();
    let text = texts.say("letter-deleted").with("name", &account.name).with("count", keys.len());
    let letter = Draft::new(
        app,
        &account.email,
        texts.say("letter-deleted-subject"),
        text.with("keys", list),
        app.now(),
    );
    let (code, now, message, shared) = (code.to_owned(), app.now(), app.new_id::<OutboxId>(), app.clone());
    let done: Result<(), ApiError> = app
        .store
        .write(move |tx| {
            second_factor::require(tx, &shared, id, &code, now)?;
            for (license, key) in &keys {
                tx.set_ownership(*license, Ownership::Held)?;
                unlink_license::replace_key(tx, &shared, *license, *key, now)?;
            }
            letter.post(tx)?;
            forget(tx, id, message, now)?;
            Ok(())
        })
        .await;
    app.mail.written.notify_one();
    done
}

fn forget(tx: &mut Tx<'_>, id: AccountId, message: OutboxId, now: Millis) -> Result<(), Error> {
    tx.delete_account(id)?;
    tell(tx, message, now, &format!("account:{id}"), "account.delete", id, "");
    Ok(())
}
